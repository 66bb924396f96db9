"""Files of a downloaded model that change afterwards: found by their hashes, and repaired by another download."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest
import torch

from backend.catalog import contents, store
from backend.errors import UserError
from backend.guidance.loader import open_prior
from backend.models.fetch import fetch_model
from tests.models.conftest import MIRROR, MODEL
from tests.models.hub_server import HubServer, Repository
from tests.models.test_fetch import UNET, Reports

CPU = torch.device("cpu")


@pytest.fixture
def made(hub: HubServer, folder: Path, login: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a downloaded model."""
    monkeypatch.setenv("DREAMFUSION_MODELS", str(tmp_path / "models"))
    hub.repositories[MIRROR] = Repository.of(folder)
    return fetch_model(MODEL, tmp_path / "models", hub.endpoint, Reports())


def use() -> None:
    prior = open_prior("tiny", CPU)
    prior.prepare("a red mushroom", "")
    prior.encode(torch.zeros(1, 3, 32, 32))


def flip(path: Path, at: int) -> None:
    """Flips one bit, and restores the times of the file, like an error of the disk."""
    times = path.stat()
    with path.open("r+b") as file:
        file.seek(at)
        value = file.read(1)[0]
        file.seek(at)
        file.write(bytes([value ^ 1]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_a_changed_byte_is_found_and_repaired(made: Path, hub: HubServer) -> None:
    use()
    flip(made / UNET, (made / UNET).stat().st_size - 1)
    with pytest.raises(UserError, match=rf"{UNET} differs from its download\. .*'models download tiny'") as caught:
        use()
    assert caught.value.code == "weights"
    hub.requests.clear()
    fetch_model(MODEL, made.parent, hub.endpoint, Reports())
    assert [r.path for r in hub.requests if r.address == "storage"] == [f"/{MIRROR}/{UNET}"]  # the other files are kept
    use()
    assert store.read(made.parent, "tiny")


def test_a_deleted_file_is_found(made: Path) -> None:
    (made / "tokenizer" / "tokenizer_config.json").unlink()
    with pytest.raises(UserError, match=r"tokenizer/tokenizer_config\.json is missing since its download"):
        use()


def test_a_model_without_a_record_is_used(made: Path) -> None:
    """It was downloaded by version 0.1.0, or copied."""
    facts = json.loads((made / "source.json").read_text())
    del facts["files"]
    (made / "source.json").write_text(json.dumps(facts))
    assert contents.changed_files(made) == []
    use()


@pytest.mark.parametrize("record", [[], {"unet/config.json": 5}, {"unet/config.json": [1, None]}, {"x": ["1", "2"]}])
def test_a_damaged_record_is_no_crash(made: Path, record: object) -> None:
    facts = json.loads((made / "source.json").read_text())
    (made / "source.json").write_text(json.dumps(facts | {"files": record}))
    if record:
        with pytest.raises(UserError, match="is damaged"):
            use()
    else:
        use()


@pytest.mark.faults
def test_no_changed_byte_escapes(made: Path, figure) -> None:
    rng = random.Random(0)
    files = sorted(path for path in made.rglob("*") if path.is_file() and path.name != "source.json")
    cases, escaped = 2000, []
    for _ in range(cases):
        path = rng.choice(files)
        at = rng.randrange(path.stat().st_size)
        flip(path, at)
        if contents.changed_files(made) != [path.relative_to(made).as_posix()]:
            escaped.append((path, at))
        flip(path, at)
    assert contents.changed_files(made) == []
    figure(f"changed bytes of a downloaded model that escaped, of {cases}", len(escaped), "bytes", at_most=0)


@pytest.mark.faults
def test_the_time_of_the_check(tmp_path: Path, figure) -> None:
    """Twice what one thread of the slowest machine measured. Several files are read at once."""
    size = 1 << 28
    (tmp_path / "weights").write_bytes(os.urandom(size))
    started = time.perf_counter()
    contents.matches(tmp_path / "weights", size, "0" * 64)
    figure(
        "check of a large model's hash, one file", (time.perf_counter() - started) / size * 1e9, "s for 1 GB", at_most=6
    )
