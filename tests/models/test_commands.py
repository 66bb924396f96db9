"""`models` on the command line: real processes, real connections, real kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from backend.catalog import entries, store
from backend.config.large_presets import LARGE_PRESETS
from backend.config.presets import PRESETS
from backend.guidance.families import FAMILIES
from tests.models.conftest import MIRROR
from tests.models.hub_server import HubServer, Repository
from tests.models.test_fetch import CHUNK, TOKEN, UNET, heavy

PATIENCE_S = 240.0
NAME = MIRROR.replace("/", "--")


class Person:
    """Somebody at a terminal, with a home and a folder of models of their own."""

    def __init__(self, repo: Path, home: Path, endpoint: str) -> None:
        self.repo, self.home, self.models = repo, home, home / "models"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING"))}
        self.environ = {
            **kept,
            "HF_HOME": str(home / "hub-home"),
            "HF_ENDPOINT": endpoint,
            "DREAMFUSION_MODELS": str(self.models),
        }

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-B", "-m", "backend", *arguments],
            cwd=self.repo, env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
        )  # fmt: skip

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=PATIENCE_S)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


@pytest.fixture
def person(repo: Path, tmp_path: Path, hub: HubServer) -> Person:
    return Person(repo, tmp_path, hub.endpoint)


@pytest.fixture
def mirror(hub: HubServer, folder: Path) -> Repository:
    hub.repositories[MIRROR] = Repository.of(folder)
    return hub.repositories[MIRROR]


def events(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_the_list_and_its_models_make_sense(person: Person, hub: HubServer) -> None:
    done = person.run("models", "list", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    listed = json.loads(done.stdout)
    assert listed["folder"] == str(person.models)
    assert [entry["name"] for entry in listed["models"]] == [model.name for model in entries.MODELS]
    assert {model.pipeline for model in entries.MODELS} == set(FAMILIES)  # each family can be had
    for model in entries.MODELS:
        assert model.preset in PRESETS
        assert model.sources
        assert 0.5 < model.size_gb < 50
        assert model.license
        assert entries.find(model.name) is model
    assert set(LARGE_PRESETS) - {"quality"} == {model.preset for model in entries.MODELS}  # each has its model
    assert len({model.name for model in entries.MODELS}) == len(entries.MODELS)
    assert not hub.requests
    shown = person.run("models").stdout
    assert shown.startswith("builtin")
    assert all(model.license in shown and model.sources[0].page in shown for model in entries.MODELS)


def test_downloaded_listed_named_and_removed(person: Person, hub: HubServer, mirror: Repository) -> None:
    done = person.run("models", "download", MIRROR)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "tiny-model, ? GB, license: see its page"
    assert done.stdout.splitlines()[-1] == f"Downloaded: {person.models / NAME}"
    assert "\x1b" not in done.stdout
    assert NAME in person.run("models", "list").stdout
    count = len(hub.requests)
    fits = person.run("models", "fit", MIRROR, "--device", "cpu")
    assert (fits.returncode, fits.stderr) == (0, "")
    assert "Stable Diffusion 1 and 2" in fits.stdout
    assert all(f"  {preset}: needs about" in fits.stdout for preset in PRESETS)
    assert person.run("models", "remove", MIRROR).stdout == f"Removed: {MIRROR}\n"
    again = person.run("models", "remove", MIRROR)
    assert again.returncode == 1
    assert "'models list' says what is there" in again.stderr
    assert len(hub.requests) == count  # only a download goes online


def test_a_killed_download_goes_on(person: Person, hub: HubServer, mirror: Repository) -> None:
    content = heavy(mirror, 4 * CHUNK)
    mirror.rate = 3 * CHUNK  # bytes a second
    process = person.start("models", "download", MIRROR, "--json", start_new_session=True)
    deadline = time.monotonic() + PATIENCE_S
    while store.part_bytes(person.models, NAME) < CHUNK:
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    told = events(process.communicate(timeout=PATIENCE_S)[0])
    assert {event["phase"] for event in told} == {"looking", "downloading"}
    assert all(event.keys() == {"phase", "message", "fraction"} for event in told)
    assert person.run("models", "list").stdout.count("in part") == 0  # of the list's own, none is begun
    assert "only partly downloaded" in person.run("models", "fit", MIRROR).stderr

    arrived = max(path.stat().st_size for path in (person.models / f"{NAME}.part" / "unet").iterdir())
    assert CHUNK <= arrived < len(content)
    mirror.rate = 0
    hub.requests.clear()
    done = person.run("models", "download", MIRROR, "--json")
    assert done.returncode == 0, done.stderr
    assert hub.ranges(UNET) == [f"bytes={arrived}-"]
    assert (person.models / NAME / UNET).read_bytes() == content
    last = events(done.stdout)[-1]
    assert last == {"phase": "done", "message": str(person.models / NAME), "fraction": 1.0}


def test_ctrl_c_is_one_line_and_keeps_what_came(person: Person, hub: HubServer, mirror: Repository) -> None:
    heavy(mirror, 4 * CHUNK)
    mirror.rate = CHUNK
    # A shell's background job, which these tests may be, ignores the signal and hands that down.
    process = person.start(
        "models", "download", MIRROR, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    )
    deadline = time.monotonic() + PATIENCE_S
    while store.part_bytes(person.models, NAME) < CHUNK:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert err == "Interrupted; what has arrived is kept, and 'download' goes on from there.\n"
    assert store.part_bytes(person.models, NAME) >= CHUNK


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_is_one_sentence_and_keeps_the_token_out(
    person: Person, hub: HubServer, mirror: Repository, as_json: bool
) -> None:
    mirror.tokens = frozenset()
    (person.home / "hub-home").mkdir()
    (person.home / "hub-home" / "token").write_text(TOKEN)
    done = person.run("models", "download", MIRROR, *(["--json"] if as_json else []))
    assert done.returncode == 1
    said = events(done.stdout)[-1] if as_json else {"phase": "error", "message": done.stderr.strip()}
    assert said["phase"] == "error"
    assert "your account has not" in said["message"]
    assert (done.stderr == "") == as_json
    assert TOKEN in {request.token for request in hub.requests}
    assert TOKEN not in done.stdout + done.stderr
    leaks = [
        p for p in person.home.rglob("*") if p.is_file() and p.name != "token" and TOKEN.encode() in p.read_bytes()
    ]
    assert leaks == []


def test_an_unknown_name_is_told_what_is_near(person: Person) -> None:
    done = person.run("models", "download", "sd-2.1")
    assert done.returncode == 1
    assert done.stderr == "There is no model 'sd-2.1': did you mean 'sd-2.1-base'.\n"
    assert person.run("models", "remove", "..").returncode == 1


IS_OFFLINE = """
import atexit, runpy, sys
atexit.register(lambda: print("offline:", __import__("huggingface_hub.constants").constants.is_offline_mode()))
sys.argv = ["backend", *{arguments!r}]
runpy.run_module("backend", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("arguments", "is_offline"), [(["models", "list"], True), (["models", "download", "nothing"], False)]
)
def test_every_other_verb_is_offline(person: Person, arguments: list[str], is_offline: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-c", IS_OFFLINE.format(arguments=arguments)],
        cwd=person.repo, env=person.environ, capture_output=True, text=True, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == f"offline: {is_offline}", done.stderr
