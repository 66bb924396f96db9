"""The near end of one connection: a child process whose pipes carry the relay's language."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

from . import wire
from .wire import Frame, WireError

HELLO_S = 90.0  # a login and the start of a Python, on a busy host with a slow disk
END_S = 5.0
PING_EVERY_S = 15.0
PREAMBLE_LINES = 1000  # of what a login's start-up files may say before the far half speaks
WAITING_FRAMES = 64  # beyond these, the far half waits for us
SAID_LINES = 50  # the last ones of what came as errors


class LinkError(Exception):
    """The connection is gone, or never was. The message is one sentence for a person."""


class Link:
    """An open connection. Closes as a context.

    Args:
        command: what to start; its input and output are the connection.
        explain: one sentence from its exit status (None when it had to be killed) and what it wrote as errors.

    Raises:
        LinkError: it cannot be started, or does not answer.
    """

    def __init__(self, command: Sequence[str], explain: Callable[[int | None, str], str]) -> None:
        self._explain = explain
        self._said: deque[str] = deque(maxlen=SAID_LINES)
        self._frames: queue.Queue[Frame | str] = queue.Queue(WAITING_FRAMES)  # a string is the end, and why
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **_without_window(),
            )
        except OSError as error:
            raise LinkError(f"{command[0]} cannot be started ({error.strerror or error}): install OpenSSH.") from error
        self._pinged_at = time.monotonic()
        self._is_closed = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._errors = threading.Thread(target=self._collect_errors, daemon=True)
        self._errors.start()  # first: when the listener comes to the end, it waits for what was said
        self._listener.start()
        try:
            self.greeting = self._greeting()
        except LinkError:
            self.close()
            raise

    def __enter__(self) -> Link:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def send(self, **message: Any) -> None:
        """Raises LinkError."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(wire.line(**message))
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise LinkError(self._why()) from error

    def frames(self, wait_s: float) -> list[Frame]:
        """What has come; waits so long for the first.

        Raises:
            LinkError: the connection has ended and everything that came was given out.
        """
        if time.monotonic() - self._pinged_at > PING_EVERY_S:
            self._pinged_at = time.monotonic()
            self.send(do="ping")
        found: list[Frame] = []
        with suppress(queue.Empty):
            while len(found) < WAITING_FRAMES:
                item = self._frames.get(timeout=0 if found else wait_s)
                if isinstance(item, str):
                    if found:
                        self._frames.put(item)  # for the next time
                        break
                    raise LinkError(item)
                found.append(item)
        return found

    def close(self) -> None:
        self._is_closed = True
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._end()

    def _greeting(self) -> dict[str, Any]:
        deadline = time.monotonic() + HELLO_S
        while time.monotonic() < deadline:
            for frame in self.frames(0.2):
                return dict(frame.head)
        raise LinkError(self._explain(None, f"it gave no answer in {HELLO_S:.0f} s"))

    def _listen(self) -> None:
        """Runs in a thread, for Windows cannot wait for a pipe with a limit."""
        stream = self._process.stdout
        assert stream is not None
        why = ""
        try:
            for _ in range(PREAMBLE_LINES):
                text = stream.readline(1 << 16)
                if not text:
                    break
                if text.startswith(wire.MAGIC):
                    self._put(Frame("greeting", wire.parse(text.removeprefix(wire.MAGIC))))
                    while (frame := wire.read_frame(stream)) is not None:
                        self._put(frame)
                    break
        except WireError as error:
            why = f"What came cannot be understood ({error}): install the same version of this project on both sides."
        except (OSError, ValueError):
            pass
        self._put(why or self._why())

    def _put(self, item: Frame | str) -> None:
        while not self._is_closed:
            with suppress(queue.Full):
                self._frames.put(item, timeout=0.5)
                return

    def _collect_errors(self) -> None:
        assert self._process.stderr is not None
        with suppress(OSError, ValueError):
            for text in self._process.stderr:
                self._said.append(text.decode("utf-8", "replace"))

    def _why(self) -> str:
        status = self._end()
        self._errors.join(1.0)  # someone else may hold the pipe open: a master connection that a person made
        return self._explain(status, "".join(list(self._said)))

    def _end(self) -> int | None:
        """The exit status; None when it had to be killed."""
        try:
            return self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None


def _without_window() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {}
