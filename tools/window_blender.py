#!/usr/bin/env python3
"""Runs a Blender with a window on a virtual screen, for tests of the user interface. Needs Linux and root.

    tools/window_blender.py [--suite SUITE] [--size WxH] [--timeout SECONDS] -- BLENDER-ARGUMENT...
    tools/window_blender.py [--suite SUITE] --install

Blender is Debian's package: 4.3 in suite `trixie`, 5.2 in suite `sid`. On first use, debootstrap unpacks a Debian into
`$GUI_BLENDER_CACHE/SUITE` (default `~/.cache/dreamfusion-window-blender/SUITE`; 1.7 GB, about three minutes). Blender
runs in it through chroot, on Xvfb, with OpenGL in software. Folders outside the operating system (`/home`, `/root`,
`/tmp`, ...) have the same path inside and outside, so a Python environment made outside also runs inside.

Scripts that Blender runs with --python can call `xdotool`, and `xwd -root -silent | convert xwd:- shot.png` for a
screenshot. HOME is `$GUI_BLENDER_HOME`, or else a temporary folder.

Exit status: Blender's own; 124 after a timeout; 3 if Blender cannot be installed or run here.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SUITES = ("trixie", "sid")
# cattr and requests: Blender's extension manager imports them.
PACKAGES = (
    "blender", "python3-numpy", "python3-cattr", "python3-requests", "xvfb", "xdotool", "x11-apps", "imagemagick",
    "libgl1-mesa-dri", "libegl1", "procps", "ca-certificates",
)  # fmt: skip
SYSTEM_FOLDERS = {
    "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "lost+found", "proc", "run", "sbin", "sys", "usr",
    "var",
}  # fmt: skip
TIMED_OUT, UNAVAILABLE = 124, 3
CLONE_NEWNS = 0x00020000  # from <sched.h>; os.unshare is new in Python 3.12
APT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


class Unavailable(Exception):
    """Blender cannot be installed or run on this computer; the message gives the reason."""


def main(arguments: Sequence[str]) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        isolate_mounts()
        root = ensure_installed(cache_folder() / options.suite)
        if options.install:
            print(blender_version(root))
            return 0
        return run(root, options.size, options.timeout, options.blender_arguments)
    except Unavailable as error:
        print(error, file=sys.stderr)
        return UNAVAILABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="window_blender.py", description="Runs a Blender with a window on a virtual screen."
    )
    parser.add_argument("--suite", choices=SUITES, default="trixie", help="Debian suite (default: trixie)")
    parser.add_argument("--size", type=_size, default=(1600, 1000), metavar="WxH", help="screen (default: 1600x1000)")
    parser.add_argument("--timeout", type=float, default=300, metavar="SECONDS", help="time limit (default: 300)")
    parser.add_argument("--install", action="store_true", help="only install Blender, and print its version")
    parser.add_argument("blender_arguments", nargs="*", metavar="BLENDER-ARGUMENT", help="after --")
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def cache_folder() -> Path:
    """The folder with one Debian root folder per suite."""
    named = os.environ.get("GUI_BLENDER_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "dreamfusion-window-blender"


def isolate_mounts() -> None:
    """Moves this process into a separate mount namespace: its mounts are invisible outside and end with it."""
    if sys.platform != "linux" or os.geteuid() != 0:
        raise Unavailable("A Blender with a window needs Linux and root. Set GUI_BLENDER to another program.")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS):
        raise Unavailable(f"Cannot create a mount namespace: {os.strerror(ctypes.get_errno())}.")
    _call("mount", "--make-rprivate", "/")


def ensure_installed(root: Path) -> Path:
    """Installs Debian's Blender into the folder `root`, unless it is complete; returns `root`.

    Raises:
        Unavailable: the installation failed; the message ends with the last lines of its log.
    """
    root.parent.mkdir(parents=True, exist_ok=True)
    with open(root.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            # Renamed last: a folder with the suite's name is always complete.
            partial, log = root.with_suffix(".partial"), root.with_suffix(".log")
            _remove(partial)
            with open(log, "wb") as output:
                if not _install(root.name, partial, output.fileno()):
                    _remove(partial)
                    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
                    raise Unavailable("\n".join([f"Cannot install Blender from Debian's suite {root.name}:", *lines]))
            partial.rename(root)
    return root


def _install(suite: str, root: Path, log: int) -> bool:
    install = ("apt-get", "install", "--yes", "--no-install-recommends")
    if not shutil.which("apt-get"):
        os.write(log, b"The host needs apt: run this on Debian or Ubuntu.\n")
        return False
    if not shutil.which("debootstrap"):
        # Ubuntu's debootstrap does not bring Debian's keys.
        prepared = _succeeds(log, "apt-get", "update") and _succeeds(
            log, *install, "debootstrap", "debian-archive-keyring"
        )
        if not prepared:
            return False
    if not _succeeds(log, "debootstrap", "--variant=minbase", "--include=ca-certificates", suite, str(root)):
        return False
    shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
    # Proxies, and whether a mirror may be out of date, are as on the host.
    settings = subprocess.run(["apt-config", "dump", "Acquire"], stdout=subprocess.PIPE, stderr=log, text=True).stdout
    prefixes = ("Acquire::http", "Acquire::Check-Valid-Until")
    kept = [line for line in settings.splitlines(keepends=True) if line.startswith(prefixes)]
    (root / "etc/apt/apt.conf.d/90host").write_text("".join(kept))
    inside = ("chroot", str(root))
    return (
        _succeeds(log, *inside, "apt-get", "update")
        and _succeeds(log, *inside, *install, *PACKAGES)
        and _succeeds(log, *inside, "apt-get", "clean")
        and _succeeds(log, *inside, "blender", "--version")  # sid's is at times not startable
    )


def _succeeds(log: int, *command: str) -> bool:
    return not subprocess.run(
        command, env={**os.environ, **APT}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    ).returncode


def _remove(root: Path) -> None:
    # An interrupted debootstrap leaves /proc mounted in the folder.
    _call("rm", "-rf", "--one-file-system", str(root))


def _call(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"{' '.join(command)} failed: {done.stderr.strip()}")


def blender_version(root: Path) -> str:
    """The first line of `blender --version`, such as "Blender 4.3.2"."""
    command = ["chroot", str(root), "blender", "--version"]
    done = subprocess.run(command, env={**os.environ, **APT}, capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"Blender in {root} does not start: {done.stderr.strip()}")
    return done.stdout.splitlines()[0]


def shared_folders() -> list[Path]:
    """The folders with the same content inside and outside: all that do not belong to the operating system."""
    top = [path for path in Path("/").iterdir() if path.is_dir() and not path.is_symlink()]
    shared = {path for path in top if path.name not in SYSTEM_FOLDERS}
    for needed in (Path.cwd(), Path(tempfile.gettempdir()).resolve(), Path(sys.base_prefix)):
        if needed != Path("/usr") and not any(needed.is_relative_to(folder) for folder in shared):
            shared.add(needed)
    return sorted(shared)


def run(root: Path, size: tuple[int, int], timeout_s: float, arguments: Sequence[str]) -> int:
    """Runs Blender in the Debian at `root`; returns its exit status, or 124 after a timeout."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="window-blender-home-") as temporary:
        home = Path(os.environ.get("GUI_BLENDER_HOME") or temporary)
        home.mkdir(parents=True, exist_ok=True)
        for folder in (*shared_folders(), Path("/proc"), Path("/dev"), Path("/sys")):
            target = root / folder.relative_to("/")
            target.mkdir(parents=True, exist_ok=True)
            _call("mount", "--rbind", str(folder), str(target))
        os.chroot(root)
        os.chdir(here)
        screen, display = _start_screen(size)
        try:
            return _run_blender(size, timeout_s, arguments, {"HOME": str(home), "DISPLAY": display})
        finally:
            _stop(screen)


def _start_screen(size: tuple[int, int]) -> tuple[subprocess.Popen[bytes], str]:
    """A running Xvfb, and its display such as ":90"."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp", "-screen", "0", f"{size[0]}x{size[1]}x24"]
    screen = subprocess.Popen(
        command, env={**os.environ, **APT}, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    if not number:
        raise Unavailable(f"Xvfb does not start (exit status {screen.wait()}).")
    return screen, f":{number}"


def _run_blender(size: tuple[int, int], timeout_s: float, arguments: Sequence[str], extra: dict[str, str]) -> int:
    command = ["blender", "--factory-startup", "--no-window-focus", "--window-geometry", "0", "0", *map(str, size)]
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")}
    environment |= {**APT, **extra, "LIBGL_ALWAYS_SOFTWARE": "1"}
    blender = subprocess.Popen([*command, *arguments], env=environment)
    try:
        status = blender.wait(timeout_s)
    except subprocess.TimeoutExpired:
        print(f"Blender was stopped after {timeout_s:g} s.", file=sys.stderr)
        return TIMED_OUT
    finally:
        _stop(blender)
    return status if status >= 0 else 128 - status


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
