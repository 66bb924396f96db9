"""Checkpoints: complete or absent, even if writing one is interrupted."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from backend.optimize import checkpoint
from tests.shared import disk_of

DTYPES = [
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.float64,
    torch.int64,
    torch.int32,
    torch.uint8,
    torch.bool,
]


@st.composite
def tensors(draw: st.DrawFn) -> Tensor:
    shape = draw(st.lists(st.integers(0, 4), max_size=3))
    values = torch.arange(max(1, torch.Size(shape).numel()))[: torch.Size(shape).numel()].reshape(shape)
    return values.to(draw(st.sampled_from(DTYPES)))


@given(
    st.dictionaries(st.text(st.characters(codec="ascii"), min_size=1, max_size=8), tensors(), max_size=5),
    st.integers(0, 10**7),
)
@settings(max_examples=40, deadline=None)
def test_save_and_load_round_trip(
    tmp_path_factory: pytest.TempPathFactory, saved: dict[str, Tensor], step: int
) -> None:
    if "__metadata__" in saved:  # reserved by the format
        return
    folder = tmp_path_factory.mktemp("checkpoints")
    checkpoint.save(folder, step, saved, {"step": step, "words": "ä"})
    found = checkpoint.load_latest(folder)
    assert found is not None
    assert (found[0], found[2]) == (step, {"step": step, "words": "ä"})
    assert found[1].keys() == saved.keys()
    for name, tensor in saved.items():
        assert found[1][name].dtype == tensor.dtype
        assert torch.equal(found[1][name], tensor)


def test_a_random_generator_is_restored(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(3)
    torch.rand(5, generator=generator)
    checkpoint.save(tmp_path, 5, {"generator": generator.get_state()}, {})
    expected = torch.rand(5, generator=generator)
    found = checkpoint.load_latest(tmp_path)
    assert found is not None
    fresh = torch.Generator()
    fresh.set_state(found[1]["generator"])
    assert torch.equal(torch.rand(5, generator=fresh), expected)


def test_shared_and_sliced_tensors(tmp_path: Path) -> None:
    base = torch.arange(12.0).reshape(3, 4)
    checkpoint.save(tmp_path, 1, {"base": base, "view": base[:, ::2], "transposed": base.T}, {})
    found = checkpoint.load_latest(tmp_path)
    assert found is not None
    assert torch.equal(found[1]["view"], base[:, ::2])
    assert torch.equal(found[1]["transposed"], base.T)


def save_steps(folder: Path, *steps: int) -> None:
    for step in steps:
        checkpoint.save(folder, step, {"x": torch.full((1000,), float(step))}, {"step": step})


def latest(folder: Path) -> int | None:
    found = checkpoint.load_latest(folder)
    if found is not None:
        assert torch.all(found[1]["x"] == found[0])
    return None if found is None else found[0]


def test_only_the_last_two_checkpoints_remain(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
    assert latest(tmp_path / "missing") is None
    save_steps(tmp_path, 5, 10, 900, 1_000_000)
    assert sorted(os.listdir(tmp_path)) == ["000900.json", "000900.safetensors", "1000000.json", "1000000.safetensors"]
    assert latest(tmp_path) == 1_000_000


@pytest.mark.parametrize(
    "damage", ["cut", "flip", "zeros", "no tensors", "no facts", "half facts", "other format", "list"]
)
def test_a_damaged_checkpoint_falls_back_to_the_previous_one(tmp_path: Path, damage: str) -> None:
    save_steps(tmp_path, 10, 20)
    weights, facts = tmp_path / "000020.safetensors", tmp_path / "000020.json"
    data = bytearray(weights.read_bytes())
    match damage:
        case "cut":
            weights.write_bytes(data[:-100])
        case "flip":  # inside the tensors, where the format has no checksum
            data[-50] ^= 1
            weights.write_bytes(data)
        case "zeros":
            weights.write_bytes(bytes(len(data)))
        case "no tensors":
            weights.unlink()
        case "no facts":
            facts.unlink()
        case "half facts":
            facts.write_text(facts.read_text()[:20])
        case "other format":
            facts.write_text(facts.read_text().replace('"format": 1', '"format": 9'))
        case "list":
            facts.write_text("[1]")
    assert latest(tmp_path) == 10
    save_steps(tmp_path, 20)  # the resumed run saves this step again
    assert latest(tmp_path) == 20


def test_leftovers_of_a_killed_writer_are_deleted(tmp_path: Path) -> None:
    save_steps(tmp_path, 10)
    (tmp_path / ".000020.safetensors.123.tmp").write_bytes(b"half")
    (tmp_path / "000020.safetensors").write_bytes(b"without its JSON file")
    save_steps(tmp_path, 30)
    assert sorted(os.listdir(tmp_path)) == ["000010.json", "000010.safetensors", "000030.json", "000030.safetensors"]


def test_an_unwritable_folder_raises_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        save_steps(tmp_path / "file" / "checkpoints", 1)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    with disk_of(tmp_path / "disk", "1m") as place:
        yield place


def test_a_full_disk_keeps_the_previous_checkpoint(small_disk: Path) -> None:
    save_steps(small_disk, 10)
    with pytest.raises(OSError) as caught:  # noqa: PT011 the errno is checked
        checkpoint.save(small_disk, 20, {"x": torch.zeros(1_000_000)}, {})
    assert caught.value.errno == errno.ENOSPC
    assert latest(small_disk) == 10
    assert sorted(os.listdir(small_disk)) == ["000010.json", "000010.safetensors"]
    save_steps(small_disk, 30)
    assert latest(small_disk) == 30


def test_remove_oldest_keeps_the_last_checkpoint(tmp_path: Path) -> None:
    save_steps(tmp_path, 10, 20)
    assert checkpoint.remove_oldest(tmp_path)
    assert not checkpoint.remove_oldest(tmp_path)
    assert latest(tmp_path) == 20
