"""The built-in model in OpenVINO: the same predictions as in PyTorch, and PyTorch wherever OpenVINO cannot be used."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from backend.guidance.base import Conditioning
from backend.guidance.builtin import openvino_networks
from backend.guidance.builtin.networks import TorchNetworks, fastest_dtype
from backend.guidance.builtin.openvino_networks import FACTS, OpenVinoNetworks, find_converted, find_networks
from backend.guidance.builtin.prior import BUILTIN, PixelPrior
from backend.guidance.view_conditions import SHADED, UNLIT, ViewConditions
from backend.jobs.launch import BACKEND_ROOT

pytest.importorskip("openvino", reason="OpenVINO has no package for this processor")

CPU = torch.device("cpu")
TEXTS = ("a red mushroom, shaded", "", "a wide chequered golden xylophone, unlit", 40 * "a blue car and ")
VIEWS = (ViewConditions(0.3, 0.2, SHADED, 0.9, (0.1, 0.2)), None, ViewConditions(3.3, 1.2, UNLIT), None)


@pytest.fixture(scope="module")
def reference() -> PixelPrior:
    prior = PixelPrior.load(BUILTIN, CPU, is_reference=True)
    assert isinstance(prior.networks, TorchNetworks)
    return prior


@pytest.fixture(scope="module")
def prior() -> PixelPrior:
    prior = PixelPrior.load(BUILTIN, CPU)
    assert isinstance(prior.networks, OpenVinoNetworks)
    return prior


def inputs(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    z_t = torch.randn(count, 12, 16, 16, generator=torch.Generator().manual_seed(count))
    return z_t, torch.tensor([20, 500, 980, 700])[:count]


def relative(made: torch.Tensor, true: torch.Tensor) -> float:
    return float((made.float() - true.float()).norm() / true.float().norm())


def test_texts_are_encoded_as_by_transformers(prior: PixelPrior, reference: PixelPrior) -> None:
    made, true = (one.encode_text(TEXTS, VIEWS) for one in (prior, reference))
    assert made.pooled is not None
    assert true.pooled is not None
    assert made.hidden.shape == true.hidden.shape
    for row in range(len(TEXTS)):
        assert relative(made.hidden[row], true.hidden[row]) < 0.005
        assert relative(made.pooled[row], true.pooled[row]) < 0.005


@pytest.mark.parametrize("count", [1, 2, 4])
def test_predictions_are_those_of_pytorch(prior: PixelPrior, reference: PixelPrior, count: int) -> None:
    z_t, t = inputs(count)
    text = reference.encode_text(TEXTS[:count], VIEWS[:count])
    assert text.pooled is not None
    made = prior.predict_noise(z_t, t, Conditioning(text.hidden.float(), text.pooled.float()))
    assert relative(made, reference.predict_noise(z_t, t, text)) < 0.01
    assert torch.equal(made, prior.predict_noise(z_t, t, Conditioning(text.hidden.float(), text.pooled.float())))


def test_two_threads_get_their_own_predictions(prior: PixelPrior) -> None:
    """The last view of a job that was dropped can still be evaluated while the next job begins."""
    text = prior.encode_text(("a red mushroom", ""), (VIEWS[0], None))
    z_t = [torch.randn(2, 12, 16, 16, generator=torch.Generator().manual_seed(seed)) for seed in (1, 2)]
    t = torch.tensor([20, 500])
    alone = [prior.predict_noise(one, t, text) for one in z_t]
    with ThreadPoolExecutor(2) as threads:
        for _ in range(40):
            together = list(threads.map(prior.predict_noise, z_t, [t, t], [text, text]))
            assert all(torch.equal(made, true) for made, true in zip(together, alone, strict=True))


def test_float32_is_exact_to_rounding() -> None:
    """On processors without bfloat16 instructions."""
    exact, true = find_networks(BUILTIN, torch.float32), TorchNetworks.load(BUILTIN, CPU, torch.float32)
    assert exact is not None
    z_t, t = inputs(3)
    hidden, labels = true.encode_text(TEXTS[:3], VIEWS[:3])
    given = z_t, t, true.alphas_cumprod[t].view(-1, 1, 1, 1), hidden, labels
    assert relative(exact.predict_velocity(*given), true.predict_velocity(*given)) < 0.002


def test_it_sends_nothing(tmp_path: Path) -> None:
    """OpenVINO's telemetry is never imported, even if it is installed."""
    (tmp_path / "openvino_telemetry.py").write_text("raise SystemExit('telemetry was imported')\n")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from backend.guidance.builtin.openvino_networks import import_openvino\n"
        "import_openvino().convert_model\n"
        "assert sys.modules['openvino_telemetry'] is None\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=BACKEND_ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment in which nothing was converted."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    return tmp_path / "dreamfusion-networks"


def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> Path:
    """Replaces the Python that converts by a script. Returns the file in which it counts its calls."""
    script, calls = tmp_path / "python", tmp_path / "calls"
    script.write_text(f"#!/bin/sh\necho >> {calls}\n{line}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(script))
    return calls


@pytest.mark.skipif(os.name == "nt", reason="uses a shell script")
@pytest.mark.parametrize(("line", "tries"), [("kill -SEGV $$", 1), ("exit 1", 2)])
def test_a_failed_conversion_leaves_pytorch(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, tries: int
) -> None:
    """A crash is not repeated. Other failures, such as a lack of memory, are tried again."""
    calls = pretend(tmp_path, monkeypatch, line)
    for _ in range(2):
        assert find_networks(BUILTIN, torch.float32) is None
    assert len(calls.read_text().splitlines()) == tries


def test_an_inaccurate_conversion_is_not_used(elsewhere: Path) -> None:
    target = elsewhere / openvino_networks._identity(BUILTIN, torch.float32)
    target.mkdir(parents=True)
    (target / FACTS).write_text(json.dumps({"is_usable": False, "error": 0.5, "hashes": {}}))
    assert find_networks(BUILTIN, torch.float32) is None


def cut(folder: Path) -> None:
    os.truncate(folder / openvino_networks.TEXT_ENCODER, 1000)


def lose(folder: Path) -> None:
    (folder / openvino_networks.TEXT_ENCODER).unlink()


def flip(folder: Path) -> None:
    """Changes one bit of the weights, which would change each picture a little."""
    weights = (folder / openvino_networks.DENOISER).with_suffix(".bin")
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)


def forget(folder: Path) -> None:
    (folder / FACTS).write_text("{}")


def confuse(folder: Path) -> None:
    (folder / FACTS).write_text(json.dumps({"is_usable": True, "hashes": 3}))


@pytest.fixture(scope="module")
def converted(prior: PixelPrior) -> Path:
    """The conversion in the environment of these tests."""
    return find_converted(BUILTIN, fastest_dtype(CPU))


@pytest.mark.parametrize("damage", [cut, lose, flip, forget, confuse])
def test_a_damaged_conversion_is_repeated(
    converted: Path, elsewhere: Path, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(converted, elsewhere / converted.name)
    damage(copy)
    left = elsewhere / f"{converted.name}-123"  # of a conversion that was killed
    left.mkdir()
    repeated: list[Path] = []

    def convert(_folder: Path, target: Path, _dtype: torch.dtype) -> None:
        repeated.append(shutil.copytree(converted, target))

    monkeypatch.setattr(openvino_networks, "_convert", convert)
    assert isinstance(find_networks(BUILTIN, fastest_dtype(CPU)), OpenVinoNetworks)
    assert repeated == [copy]
    assert not left.exists()


@pytest.mark.skipif(os.name == "nt", reason="uses a shell script")
def test_a_conversion_that_never_ends_is_not_repeated(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = pretend(tmp_path, monkeypatch, "exec sleep 60")
    monkeypatch.setattr(openvino_networks, "TIMEOUT_S", 0.5)
    for _ in range(2):
        assert find_networks(BUILTIN, torch.float32) is None
    assert len(calls.read_text().splitlines()) == 1


def test_networks_that_openvino_refuses_leave_pytorch(converted: Path, elsewhere: Path) -> None:
    """They are as they were written, so another conversion would not help."""
    copy = shutil.copytree(converted, elsewhere / converted.name)
    (copy / openvino_networks.TEXT_ENCODER).write_text("<net/>")
    facts = json.loads((copy / FACTS).read_text())
    facts["hashes"] = openvino_networks.hashes(copy)
    (copy / FACTS).write_text(json.dumps(facts))
    assert find_networks(BUILTIN, fastest_dtype(CPU)) is None


def test_a_read_only_environment_uses_pytorch(elsewhere: Path) -> None:
    elsewhere.write_text("a file, so that no folder can be made, not even by root")
    assert find_networks(BUILTIN, torch.float32) is None
