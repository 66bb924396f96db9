"""A Python whose workers start in milliseconds: forks of a process that has imported what they need.

A fresh worker takes six seconds of processor time until its job begins. `WarmPython.program` is used like a Python. It passes
`-m backend work` (also `batch`, and `generate` and `resume`, which start workers) on to a server, and everything else to the real Python.
A worker is a process like any other, with its own group, output, and end; it runs the backend of the checkout.
"""

from __future__ import annotations

import json
import os
import runpy
import select
import shlex
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from tools.common import REPO

# The program: it lives as long as its worker, passes signals on, and ends as the worker ends.
CLIENT = """
import json, os, signal, socket, sys, time
REAL, SOCKET, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
if arguments[:1] == ["-B"]:
    del arguments[0]
if arguments[:2] != ["-m", "backend"] or not {"work", "generate", "resume", "batch"} & set(arguments[2:3]):
    os.execv(REAL, [REAL, *arguments])
server, deadline = socket.socket(socket.AF_UNIX), time.monotonic() + 240
while True:
    try:
        server.connect(SOCKET)
        break
    except (FileNotFoundError, ConnectionRefusedError):  # it is starting
        if time.monotonic() > deadline:
            raise
        time.sleep(0.05)
program = os.path.join(os.path.dirname(SOCKET), "python")
request = {"arguments": arguments[1:], "program": program, "cwd": os.getcwd(), "environment": dict(os.environ)}
socket.send_fds(server, [json.dumps(request).encode() + b"\\n"], [0, 1, 2])
answers = server.makefile()
worker = int(answers.readline())
def pass_on(number, _frame):
    try:
        os.killpg(worker, number)
    except ProcessLookupError:
        pass
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, pass_on)
status = int(answers.readline())
if status < 0:
    signal.signal(-status, signal.SIG_DFL) if -status != signal.SIGKILL else None
    os.kill(os.getpid(), -status)
os._exit(status)
"""


class WarmPython:
    """The program and its server, in a folder. The server starts at once, and ends with this process or `stop`."""

    def __init__(self, folder: Path) -> None:
        client, socket_ = folder / "client.py", folder / "socket"
        client.write_text(CLIENT)
        command = [sys.executable, "-IS", client, sys.executable, socket_]
        self.program = folder / "python"
        self.program.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, command))} "$@"\n')
        self.program.chmod(0o755)
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}  # a fork has one thread
        arguments = [sys.executable, "-u", "-m", "tests.warm_python", str(socket_)]
        self._server = subprocess.Popen(arguments, cwd=REPO, env=environment, stdin=subprocess.PIPE)

    def stop(self) -> None:
        self._server.kill()
        self._server.wait()


def _serve(path: str) -> NoReturn:
    """Accepts requests until stdin closes. A child of this process looks after each worker."""
    os.environ |= {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_OFFLINE": "1", "DIFFUSERS_VERBOSITY": "error"}
    from backend.cli import main  # noqa: F401
    from backend.guidance.builtin.openvino_networks import import_openvino
    from backend.guidance.builtin.prior import PixelPrior  # noqa: F401
    from backend.worker import job, preload  # noqa: F401

    preload.preload()
    with suppress(ImportError):  # only imported: a fork of a process whose OpenVINO has threads can crash at its end
        import_openvino()
    sys.dont_write_bytecode = True
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            os._exit(0)
        client, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _look_after(client)
        client.close()


def _look_after(client: socket.socket) -> NoReturn:
    """Forks the worker of a client, kills it when the client is gone, and tells the client how it has ended.

    This process keeps the output open: at the end of the output, the worker has ended and released its locks.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    data, files, _, _ = socket.recv_fds(client, 1 << 20, 3)
    while not data.endswith(b"\n"):
        data += client.recv(1 << 20)
    worker = os.fork()
    if worker == 0:
        client.close()
        _work(json.loads(data), files)
    with suppress(PermissionError, ProcessLookupError):
        os.setpgid(worker, worker)  # so that the client can signal it at once
    ended = 0
    with suppress(ConnectionError):
        client.sendall(f"{worker}\n".encode())
        while not ended and not select.select([client], [], [], 0.01)[0]:  # closed: the client was killed
            ended, status = os.waitpid(worker, os.WNOHANG)
        if ended:
            client.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    if not ended:
        with suppress(ProcessLookupError):
            os.killpg(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    os._exit(0)


def _work(request: dict[str, Any], files: list[int]) -> NoReturn:
    with suppress(PermissionError):
        os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w", 1), open(2, "w", 1, errors="backslashreplace")
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv, sys.executable = request["arguments"], request["program"]
    status = 1
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])
