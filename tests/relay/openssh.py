"""A private sshd on the loopback interface, with its own keys, port and configuration.

Uses the system's program, or unpacks Debian's package to `.env/sshd` without installing it. Does not change the system.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from backend.jobs.lock import FolderLock
from tools import environments

CACHE = environments.REPO / ".env" / "sshd"
PACKAGES = ("openssh-server", "libwrap0")
START_S = 120.0


def sshd_program() -> Path:
    """The system's sshd, or one that is downloaded once. Fails the test if neither works."""
    found = shutil.which("sshd", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))
    if found:
        return Path(found)
    program = CACHE / "usr" / "sbin" / "sshd"
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    lock = FolderLock(CACHE.with_suffix(".lock"))
    lock.acquire(patience_s=300)
    try:
        if not program.exists():
            _fetch()
    finally:
        lock.release()
    return program


def _fetch() -> None:
    if not shutil.which("apt-get"):
        pytest.fail("sshd is not installed, and apt-get to download it is missing. Install the OpenSSH server.")
    fresh = CACHE.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    download = ["apt-get", "download", "-qq", *PACKAGES]
    if subprocess.run(download, cwd=fresh, capture_output=True).returncode:
        subprocess.run(["apt-get", "update", "-qq"], capture_output=True)
        done = subprocess.run(download, cwd=fresh, capture_output=True, text=True)
        if done.returncode:
            pytest.fail(f"sshd is not installed, and apt-get cannot download it: {done.stderr[-500:]}")
    for package in fresh.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, fresh], check=True)
    shutil.rmtree(CACHE, ignore_errors=True)
    fresh.rename(CACHE)


class Sshd:
    """A server and the configuration of its client. As root, the server runs in a mount namespace with a separate home folder.

    Args:
        folder: Holds keys, configuration and home folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        if sys.platform == "win32":
            pytest.skip("Windows has no sshd")
        self._program = sshd_program()
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.home.mkdir(parents=True)
        for name in ("host_key", "id", "stranger"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
        shutil.copy(folder / "id.pub", folder / "authorized_keys")
        self._configure()
        if os.getuid() == 0:
            self._make_account()
        else:
            self.home = Path.home()

    def _configure(self) -> None:
        (self.folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host_key\nPidFile none\nUsePAM no\n"
            f"AuthorizedKeysFile {self.folder}/authorized_keys\nStrictModes no\nPasswordAuthentication no\n"
            "KbdInteractiveAuthentication no\n"
            + "".join(f"SshdSessionPath {p}\n" for p in (CACHE / "usr/lib/openssh/sshd-session",) if p.exists())
            + "".join(f"SshdAuthPath {p}\n" for p in (CACHE / "usr/lib/openssh/sshd-auth",) if p.exists())
        )
        key = (self.folder / "host_key.pub").read_text()
        (self.folder / "known").write_text(f"[127.0.0.1]:{self.port} {key}")
        (self.folder / "nobody_known").write_text("")
        common = f"  HostName 127.0.0.1\n  Port {self.port}\n  IdentitiesOnly yes\n  UserKnownHostsFile {self.folder}"
        (self.folder / "ssh_config").write_text(
            f"Host box\n{common}/known\n  IdentityFile {self.folder}/id\n"
            f"Host strange\n{common}/known\n  IdentityFile {self.folder}/stranger\n"
            f"Host unknown\n{common}/nobody_known\n  IdentityFile {self.folder}/id\n"
            f"Host closed\n  HostName 127.0.0.1\n  Port 1\n"
            "Host *\n  GlobalKnownHostsFile /dev/null\n  UpdateHostKeys no\n"
        )
        program = self.folder / "bin" / "ssh"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F "{self.folder}/ssh_config" "$@"\n')
        program.chmod(0o755)

    def _make_account(self) -> None:
        """Writes the server's list of accounts: adds the account `sshd` and changes the home folder of root."""
        lines = Path("/etc/passwd").read_text().splitlines()
        lines = [line for line in lines if not line.startswith(("sshd:", "root:"))]
        lines += [f"root:x:0:0::{self.home}:/bin/sh", "sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin"]
        (self.folder / "passwd").write_text("\n".join(lines) + "\n")

    @property
    def client_path(self) -> str:
        """PATH with an ssh whose configuration defines the host `box`, and others that cannot be reached."""
        return f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"

    def start(self) -> None:
        serve = f'exec "{self._program}" -D -e -f "{self.folder}/sshd_config"'
        command = ["sh", "-c", serve]
        if os.getuid() == 0:
            own = f'mount --bind "{self.folder}/passwd" /etc/passwd && mount -t tmpfs tmpfs /run && mkdir /run/sshd'
            command = ["unshare", "--mount", "sh", "-c", f"{own} && {serve}"]
        libraries = [str(path.parent) for path in CACHE.rglob("libwrap.so.0")]
        with open(self.folder / "sshd.log", "ab") as log:
            self._process = subprocess.Popen(
                command, stderr=log, env={**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(libraries)}
            )
        deadline = time.monotonic() + START_S
        while socket.socket().connect_ex(("127.0.0.1", self.port)):
            text = (self.folder / "sshd.log").read_text()
            assert self._process.poll() is None, text
            assert time.monotonic() < deadline, text
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends the server and its connections. Processes that were started through them keep running."""
        if self._process is not None:
            self.cut()
            self._process.terminate()
            self._process.wait()
            self._process = None

    def cut(self) -> int:
        """Kills the connections, as a network failure does. Returns their number."""
        assert self._process is not None
        served = [child for child in psutil.Process(self._process.pid).children() if child.name().startswith("sshd")]
        for connection in served:
            connection.send_signal(signal.SIGKILL)
        psutil.wait_procs(served, timeout=60)
        return len(served)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
