"""The cause of a failed installation, with the real pip and uv, and local servers and disks that fail."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.errors import UserError
from backend.install import causes, installer, lockfiles, torch_builds
from backend.jobs import variables
from tests.install.servers import LOGIN, NAME, PAGE, Server, closed_port, disk, self_signed
from tools.common import Failed
from tools.environments import Environment, ensure

PROBE = "import smallpackage"
needs_mounts = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts disks: Linux and root")
pytestmark = pytest.mark.faults


def make_wheel(folder: Path, size: int = 0) -> str:
    """Writes the wheel of `smallpackage`, with `size` bytes that compress well. Returns its hash."""
    folder.mkdir(exist_ok=True)
    info = "smallpackage-1.0.dist-info"
    with zipfile.ZipFile(folder / NAME, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("smallpackage/__init__.py", "ANSWER = 42\n")
        wheel.writestr("smallpackage/large.bin", bytes(size))
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: smallpackage\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return hashlib.sha256((folder / NAME).read_bytes()).hexdigest()


class Setup:
    """One installation folder with pip or uv, and lock files of one small package."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.wheels, self.root, self.locks = folder, folder / "wheels", folder / "root", folder / "locks"
        self.locks.mkdir()
        self.lock(make_wheel(self.wheels))

    def lock(self, digest: str) -> None:
        text = f"smallpackage==1.0 \\\n    --hash=sha256:{digest}\n"
        for name in (lockfiles.BACKEND, lockfiles.TORCH, lockfiles.TORCH_CPU):
            (self.locks / name).write_text(text)

    def install(self, root: Path | None = None, *, offline: bool = False) -> Path:
        wheels = self.wheels if offline else None
        return installer.install(root or self.root, self.locks, wheels, PROBE, torch_builds.CPU, sys.executable)

    def failure(self, root: Path | None = None, *, offline: bool = False) -> str:
        with pytest.raises(UserError) as caught:
            self.install(root, offline=offline)
        return str(caught.value)


@pytest.fixture(scope="module", params=["pip", "uv"])
def tool(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def shared(tool: str, tmp_path_factory: pytest.TempPathFactory) -> Setup:
    """The failed installations of a tool continue each other, so that the environment is made once."""
    return Setup(tmp_path_factory.mktemp(tool))


@pytest.fixture
def setup(tool: str, shared: Setup, monkeypatch: pytest.MonkeyPatch, backend_python: Path) -> Setup:
    kept = [folder for folder in os.environ["PATH"].split(os.pathsep) if not (Path(folder) / "uv").exists()]
    own = [str(backend_python.parent)] if tool == "uv" else []
    for name in [n for n in os.environ if n.startswith(("PIP_", "UV_")) or n.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, value in {
        "PATH": os.pathsep.join([*own, *kept]),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "0",
        "PIP_TIMEOUT": "5",
        "UV_HTTP_RETRIES": "0",
        "UV_HTTP_TIMEOUT": "5",
        "UV_CACHE_DIR": str(shared.folder / "uv-cache"),
        "PIP_CACHE_DIR": str(shared.folder / "pip-cache"),
    }.items():
        monkeypatch.setenv(name, value)
    return shared


Place = Callable[[Path], dict[str, str]]


def index(url: str) -> dict[str, str]:
    return {"PIP_INDEX_URL": url, "UV_DEFAULT_INDEX": url}


# What is wrong: (the variables of the connection, a part of the message that names it).
NETWORK: dict[str, tuple[Place, str]] = {
    "nothing listens": (lambda _: index(f"{closed_port()}/simple"), "cannot be reached"),
    "no such host": (
        lambda _: index("https://no-such-host.invalid/simple"),
        "no-such-host.invalid (PIP_INDEX_URL) was not found",
    ),
    "untrusted certificate": (
        lambda folder: index(f"{Server(certificate=self_signed(folder)).url}/simple"),
        "does not trust, probably that of a proxy or a virus scanner",
    ),
    "no encryption": (lambda _: index(Server().url.replace("http:", "https:")), "encrypted connection"),
    "no proxy": (
        lambda _: {"HTTPS_PROXY": closed_port(), **index("https://no-such-host.invalid")},
        "proxy of this computer (HTTPS_PROXY)",
    ),
    "proxy with a login": (
        lambda _: {"HTTPS_PROXY": Server(407).url, **index("https://no-such-host.invalid")},
        "(HTTPS_PROXY) refuses",
    ),
    "login page": (lambda _: index(Server().url), "does not have smallpackage"),
    "login page as a file": (lambda _: index(Server(page=PAGE, file=LOGIN).url), ""),
    "wrong index": (lambda _: index(Server(404).url), "does not have smallpackage"),
    "login required": (lambda _: index(Server(403).url), "refuses access"),
    "server error": (lambda _: index(Server(503).url), "out of service"),
}


def test_the_cause_of_a_failed_connection(setup: Setup, tool: str, monkeypatch: pytest.MonkeyPatch, figure) -> None:
    named, wrong = 0, []
    for number, (name, (connect, words)) in enumerate(NETWORK.items()):
        (folder := setup.folder / f"network-{number}").mkdir()
        with monkeypatch.context() as patch:
            for variable, value in connect(folder).items():
                patch.setenv(variable, value)
            message = setup.failure()
        # A file that is no package: uv opens it, pip compares its hash.
        wanted = words or {"uv": "the login page of the network", "pip": "differs from the tested one"}[tool]
        is_right = (
            wanted.replace("PIP_INDEX_URL", "UV_DEFAULT_INDEX" if "(UV" in message else "PIP_INDEX_URL") in message
        )
        if is_right and "install again" in message.lower() and "\n" not in message and len(message) < 500:
            named += 1
        else:
            wrong.append(f"{name}: {message}")
    assert wrong == []
    figure(
        f"causes of a failed connection that {tool} and the installer name, of {len(NETWORK)}",
        named,
        "causes",
        at_least=len(NETWORK),
    )


# Variables that redirect pip, uv or Python, and that Blender may inherit from a shell.
INHERITED = {
    "PIP_USER": "1", "PIP_TARGET": "{elsewhere}", "PIP_PREFIX": "{elsewhere}", "PIP_ROOT": "{elsewhere}",
    "PIP_REQUIRE_VIRTUALENV": "1", "PIP_NO_INDEX": "1", "PIP_DRY_RUN": "1", "PIP_PYTHON": "/usr/bin/false",
    "PIP_CONSTRAINT": "/no/such/file", "PIP_REQUIREMENT": "/no/such/file", "PIP_LOG": "/no/such/folder/log",
    "UV_TARGET": "{elsewhere}", "UV_SYSTEM_PYTHON": "1", "UV_PYTHON": "3.8", "UV_OFFLINE": "1", "UV_NO_BINARY": "1",
    "UV_CONSTRAINT": "/no/such/file", "UV_EXCLUDE_NEWER": "2001-01-01", "UV_PROJECT_ENVIRONMENT": "{elsewhere}",
    "PYTHONPATH": "{shadow}", "PYTHONHOME": "/no/such/python", "PYTHONUSERBASE": "{elsewhere}", "PYTHONSAFEPATH": "1",
    "PYTHONWARNINGS": "error", "PYTHONOPTIMIZE": "2", "PYTHONSTARTUP": "/no/such/file", "PYTHONPLATLIBDIR": "lib64",
    "VIRTUAL_ENV": "{elsewhere}", "CONDA_PREFIX": "{elsewhere}", "LD_LIBRARY_PATH": "{libraries}",
    "LD_PRELOAD": "/no/such/library.so", "TMPDIR": "/no/such/folder",
}  # fmt: skip


def test_inherited_variables_do_not_redirect_the_installation(
    setup: Setup, tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure
) -> None:
    places = {name: tmp_path / name for name in ("elsewhere", "shadow", "libraries")}
    for place in places.values():
        place.mkdir()
    (places["shadow"] / "zipfile.py").write_text("raise SystemExit('a module of another Python')\n")
    for name in ("libz.so.1", "libssl.so.3", "libcrypto.so.3", "libstdc++.so.6", "libffi.so.8"):
        (places["libraries"] / name).write_text("not a library")
    server = Server(page=PAGE, file=(setup.wheels / NAME).read_bytes())
    failed = []
    for name, value in INHERITED.items():
        with monkeypatch.context() as patch:
            for variable, url in index(server.url).items():
                patch.setenv(variable, url)
            patch.setenv(name, value.format(**places))
            try:
                python = setup.install()
                subprocess.run([python, "-c", PROBE], check=True, env=variables.for_child())
            except (UserError, subprocess.CalledProcessError) as error:
                failed.append(f"{name}: {error}")
        # The next installation has its own environment, without a new `venv`.
        if (setup.root / "env").exists():
            shutil.rmtree(setup.root / "staging", ignore_errors=True)
            for leftover in (setup.root / "env").rglob("smallpackage*"):
                shutil.rmtree(leftover, ignore_errors=True)
            (setup.root / "env").rename(setup.root / "staging")
        assert not any(places["elsewhere"].iterdir()), name
    assert failed == []
    count = len(INHERITED)
    figure(
        f"inherited variables that do not redirect {tool}, of {count}", count - len(failed), "variables", at_least=count
    )


@needs_mounts
def test_a_full_disk(setup: Setup, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "60m") as small:
        message = setup.failure(small / "root")  # before anything is downloaded
        assert "needs 3.0 GB, but only 0.1 GB are free" in message
        assert not (small / "root" / "staging").exists()
        setup.lock(make_wheel(setup.wheels, 80_000_000))
        message = setup.failure(small / "root", offline=True)  # on the way
        assert message.startswith(f"The disk of {small / 'root'} is full (0.")
        assert " GB are free). Free up space, then install again." in message
    setup.lock(make_wheel(setup.wheels))


@needs_mounts
def test_a_read_only_folder(setup: Setup, tmp_path: Path) -> None:
    with disk(tmp_path / "disk") as small:
        subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
        command = [sys.executable, "-m", "backend.install.installer", "--root", small / "root", "--locks", setup.locks]
        done = subprocess.run(command, capture_output=True, text=True)
        assert "Read-only file system" in done.stdout
        assert "Choose another folder" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process")
def test_memory_runs_out(setup: Setup, tool: str, tmp_path: Path) -> None:
    """Of pip itself, and of the import of PyTorch in the check."""
    limited = tmp_path / "limited"
    limited.write_text(f'#!/bin/sh\nulimit -v 40000\nexec {sys.executable} "$@"\n')
    limited.chmod(0o755)
    step = lockfiles.Step(setup.locks / lockfiles.BACKEND)
    done = subprocess.run([limited, "-c", "bytes(1 << 30)"], capture_output=True, text=True)
    text = lockfiles.explain_failure(step, done.returncode, done.stderr, None, tmp_path / "pip.log")
    assert text.startswith("Memory ran out. Close other programs, then install again.")
    text = lockfiles.explain_failure(step, -9, "Collecting torch\n", None, tmp_path / "pip.log")  # by the system
    assert text.startswith("Memory ran out.")


def test_build_py_names_the_same_causes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("PIP_")]:
        monkeypatch.delenv(name)
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("smallpackage==1.0\n")
    made = Environment(tmp_path / ".env" / "small", "a small environment", {"runtime": requirements}, PROBE)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_INDEX_URL", f"{closed_port()}/simple")
    with pytest.raises(Failed, match=r"\(PIP_INDEX_URL\) cannot be reached\..*, then run the same command again"):
        ensure(made)
    make_wheel(tmp_path / "wheels")
    monkeypatch.setenv("PIP_INDEX_URL", Server(page=PAGE, file=(tmp_path / "wheels" / NAME).read_bytes()).url)
    assert ensure(made).exists()
    large = Environment(
        tmp_path / ".env" / "large", "a large environment", {"runtime": requirements}, PROBE, room_gb=1e6
    )
    with pytest.raises(Failed, match=r"needs 1000000\.0 GB, but only .* GB are free"):
        ensure(large)


def test_every_cause_has_a_remedy() -> None:
    for cause in causes.CAUSES:
        text = causes.explain(cause, "error: nothing", Path.cwd())
        assert "{" not in text
        assert not text.endswith(".")
