"""The near end of one connection: a child process whose pipes carry the relay's protocol."""

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

from ..errors import UserError
from . import wire
from .wire import Frame, WireError

GREETING_S = 90.0  # time limit for the login and the start of Python on a busy host with a slow disk
END_S = 5.0
PING_EVERY_S = 15.0
PREAMBLE_LINES = 1000  # limit for the output of the login's start-up files
WAITING_FRAMES = 64  # with more frames unread, the far end has to wait
ERROR_LINES = 50  # of stderr that are kept


class LinkError(UserError):
    """A connection that failed or ended. The message is for the user; `code` identifies the cause."""

    default_code = "connection"


class Link:
    """An open connection. As a context manager, it closes itself.

    Args:
        command: The command to start. Its stdin and stdout are the connection.
        explain: Makes the error from the exit status (None if the command had to be killed) and from stderr.

    Raises:
        LinkError: The command cannot be started, or the far end does not answer.
    """

    def __init__(self, command: Sequence[str], explain: Callable[[int | None, str], LinkError]) -> None:
        self._explain = explain
        self._error_lines: deque[str] = deque(maxlen=ERROR_LINES)
        self._frames: queue.Queue[Frame | LinkError] = queue.Queue(WAITING_FRAMES)  # an error is the end
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **_without_window(),
            )
        except OSError as error:
            text = f"Cannot start {command[0]}: {error.strerror or error}. Install OpenSSH."
            raise LinkError(text, "ssh") from error
        self._pinged_at = time.monotonic()
        self._is_closed = False
        self._frame_thread = threading.Thread(target=self._read_frames, daemon=True)
        self._error_thread = threading.Thread(target=self._read_errors, daemon=True)
        self._error_thread.start()  # first: at its end, the frame thread waits for it
        self._frame_thread.start()
        try:
            self.greeting = self._await_greeting()
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
        """Sends one message.

        Raises:
            LinkError: The connection has ended.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(wire.line(**message))
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise self._end_error() from error

    def frames(self, timeout_s: float) -> list[Frame]:
        """The frames that have arrived. Waits for the first one for at most `timeout_s` seconds.

        Raises:
            LinkError: The connection has ended, and all its frames have been returned.
        """
        if time.monotonic() - self._pinged_at > PING_EVERY_S:
            self._pinged_at = time.monotonic()
            self.send(do="ping")
        found: list[Frame] = []
        with suppress(queue.Empty):
            while len(found) < WAITING_FRAMES:
                item = self._frames.get(timeout=0 if found else timeout_s)
                if isinstance(item, LinkError):
                    if found:
                        self._frames.put(item)  # for the next call
                        break
                    raise item
                found.append(item)
        return found

    def close(self) -> None:
        self._is_closed = True
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._end()

    def _await_greeting(self) -> dict[str, Any]:
        deadline = time.monotonic() + GREETING_S
        while time.monotonic() < deadline:
            for frame in self.frames(0.2):
                return dict(frame.head)
        raise self._explain(None, f"no answer within {GREETING_S:.0f} s")

    def _read_frames(self) -> None:
        """Runs in a thread: Windows has no timeout for reading from a pipe."""
        stream = self._process.stdout
        assert stream is not None
        error: LinkError | None = None
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
        except WireError as problem:
            message = f"The remote host sent invalid data: {problem}. Install the same version on both computers."
            error = LinkError(message, "wire")
        except (OSError, ValueError):
            pass
        self._put(error or self._end_error())

    def _put(self, item: Frame | LinkError) -> None:
        while not self._is_closed:
            with suppress(queue.Full):
                self._frames.put(item, timeout=0.5)
                return

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        with suppress(OSError, ValueError):
            for text in self._process.stderr:
                self._error_lines.append(text.decode("utf-8", "replace"))

    def _end_error(self) -> LinkError:
        status = self._end()
        self._error_thread.join(1.0)  # another process may keep the pipe open, such as an ssh master connection
        return self._explain(status, "".join(list(self._error_lines)))

    def _end(self) -> int | None:
        """The exit status; None if the process had to be killed."""
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
