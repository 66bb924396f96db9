"""`models` on the command line, with separate processes and a local Hub."""

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


class CommandLine:
    """Runs the command line with a separate home and models folder."""

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
def command_line(repo: Path, tmp_path: Path, hub: HubServer) -> CommandLine:
    return CommandLine(repo, tmp_path, hub.endpoint)


@pytest.fixture
def mirror(hub: HubServer, folder: Path) -> Repository:
    hub.repositories[MIRROR] = Repository.of(folder)
    return hub.repositories[MIRROR]


def events(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_list(command_line: CommandLine, hub: HubServer) -> None:
    done = command_line.run("models", "list", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    listed = json.loads(done.stdout)
    assert listed["folder"] == str(command_line.models)
    assert [entry["name"] for entry in listed["models"]] == [model.name for model in entries.MODELS]
    assert {model.pipeline for model in entries.MODELS} == set(FAMILIES)  # each family has a model
    for model in entries.MODELS:
        assert model.preset in PRESETS
        assert model.sources
        assert 0.5 < model.size_gb < 50
        assert model.license
        assert entries.find(model.name) is model
    assert set(LARGE_PRESETS) - {"quality"} == {model.preset for model in entries.MODELS}  # each preset has a model
    assert len({model.name for model in entries.MODELS}) == len(entries.MODELS)
    assert not hub.requests
    shown = command_line.run("models").stdout
    assert shown.startswith("builtin")
    assert all(model.license in shown and model.sources[0].page in shown for model in entries.MODELS)


def test_download_list_fit_and_remove(command_line: CommandLine, hub: HubServer, mirror: Repository) -> None:
    done = command_line.run("models", "download", MIRROR)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "tiny-model, ? GB, license: see its page"
    assert done.stdout.splitlines()[-1] == f"Downloaded: {command_line.models / NAME}"
    assert "\x1b" not in done.stdout
    assert NAME in command_line.run("models", "list").stdout
    count = len(hub.requests)
    fits = command_line.run("models", "fit", MIRROR, "--device", "cpu")
    assert (fits.returncode, fits.stderr) == (0, "")
    assert "Stable Diffusion 1 and 2" in fits.stdout
    assert all(f"  {preset}: needs about" in fits.stdout for preset in PRESETS)
    assert command_line.run("models", "remove", MIRROR).stdout == f"Removed: {MIRROR}\n"
    again = command_line.run("models", "remove", MIRROR)
    assert again.returncode == 1
    assert "Run 'models list'" in again.stderr
    assert len(hub.requests) == count  # only downloads use the network


def test_a_killed_download_resumes(command_line: CommandLine, hub: HubServer, mirror: Repository) -> None:
    content = heavy(mirror, 4 * CHUNK)
    mirror.rate = 3 * CHUNK  # bytes a second
    process = command_line.start("models", "download", MIRROR, "--json", start_new_session=True)
    deadline = time.monotonic() + PATIENCE_S
    while store.part_bytes(command_line.models, NAME) < CHUNK:
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    reports = events(process.communicate(timeout=PATIENCE_S)[0])
    assert {event["phase"] for event in reports} == {"looking", "downloading"}
    assert all(event.keys() == {"phase", "message", "fraction"} for event in reports)
    assert command_line.run("models", "list").stdout.count("incomplete") == 0  # the model is not in the catalog
    assert "only partly downloaded" in command_line.run("models", "fit", MIRROR).stderr

    arrived = max(path.stat().st_size for path in (command_line.models / f"{NAME}.part" / "unet").iterdir())
    assert CHUNK <= arrived < len(content)
    mirror.rate = 0
    hub.requests.clear()
    done = command_line.run("models", "download", MIRROR, "--json")
    assert done.returncode == 0, done.stderr
    assert hub.ranges(UNET) == [f"bytes={arrived}-"]
    assert (command_line.models / NAME / UNET).read_bytes() == content
    last = events(done.stdout)[-1]
    assert last == {"phase": "done", "message": str(command_line.models / NAME), "fraction": 1.0}


def test_ctrl_c_keeps_the_received_data(command_line: CommandLine, hub: HubServer, mirror: Repository) -> None:
    heavy(mirror, 4 * CHUNK)
    mirror.rate = CHUNK
    # The background jobs of a shell ignore the signal, and so do their child processes.
    process = command_line.start(
        "models", "download", MIRROR, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    )
    deadline = time.monotonic() + PATIENCE_S
    while store.part_bytes(command_line.models, NAME) < CHUNK:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert err == "Interrupted. Run 'download' again to resume.\n"
    assert store.part_bytes(command_line.models, NAME) >= CHUNK


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_is_one_line_without_the_token(
    command_line: CommandLine, hub: HubServer, mirror: Repository, as_json: bool
) -> None:
    mirror.tokens = frozenset()
    (command_line.home / "hub-home").mkdir()
    (command_line.home / "hub-home" / "token").write_text(TOKEN)
    done = command_line.run("models", "download", MIRROR, *(["--json"] if as_json else []))
    assert done.returncode == 1
    last = events(done.stdout)[-1] if as_json else {"phase": "error", "message": done.stderr.strip()}
    assert last["phase"] == "error"
    assert "your account has not" in last["message"]
    assert (done.stderr == "") == as_json
    assert TOKEN in {request.token for request in hub.requests}
    assert TOKEN not in done.stdout + done.stderr
    leaks = [
        p
        for p in command_line.home.rglob("*")
        if p.is_file() and p.name != "token" and TOKEN.encode() in p.read_bytes()
    ]
    assert leaks == []


def test_an_unknown_name_suggests_a_similar_one(command_line: CommandLine) -> None:
    done = command_line.run("models", "download", "sd-2.1")
    assert done.returncode == 1
    assert done.stderr == "There is no model 'sd-2.1'. Did you mean 'sd-2.1-base'?\n"
    assert command_line.run("models", "remove", "..").returncode == 1


IS_OFFLINE = """
import atexit, runpy, sys
atexit.register(lambda: print("offline:", __import__("huggingface_hub.constants").constants.is_offline_mode()))
sys.argv = ["backend", *{arguments!r}]
runpy.run_module("backend", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("arguments", "is_offline"), [(["models", "list"], True), (["models", "download", "nothing"], False)]
)
def test_every_other_verb_is_offline(command_line: CommandLine, arguments: list[str], is_offline: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-c", IS_OFFLINE.format(arguments=arguments)],
        cwd=command_line.repo, env=command_line.environ, capture_output=True, text=True, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == f"offline: {is_offline}", done.stderr
