"""The near end of the relay: runs the jobs of one folder on one host, all over one connection."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from .. import __version__, installed
from ..errors import JobError
from ..jobs.folder import is_requested, list_jobs
from ..jobs.follow import JobFollower
from ..jobs.launch import hand_over
from ..jobs.lock import FolderLock, is_locked
from ..jobs.remote import Location, Remote, problem, read
from . import ssh, wire
from .link import Link, LinkError
from .mirror import Mirror, open_mirror
from .wire import Frame, WireError

POLL_S = 0.2
SCAN_EVERY_S = 1.0  # for new jobs
FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 60.0  # wait before the next connection, doubled after each failure
MAX_LOSSES = 5  # of the connection, before the host confirms a job
STABLE_S = 30.0  # a connection that lasted this long resets the wait
Connect = Callable[[Remote], Link]


def connect_by_ssh(remote: Remote) -> Link:
    """Opens a connection to the host.

    Raises:
        LinkError: The host is invalid, ssh is not installed, or the connection failed.
    """
    if text := problem(remote):
        raise LinkError(text, "setup")
    if not ssh.program():
        raise LinkError("The program ssh is not installed on this computer. Install the OpenSSH client.", "ssh")
    return Link(ssh.command(remote), lambda status, errors: ssh.explain(remote, status, errors))


def open_link(remote: Remote, connect: Connect = connect_by_ssh) -> Link:
    """A connection whose far end has this version.

    Raises:
        LinkError: The connection failed, or the host has another version.
    """
    link = connect(remote)
    found = str(link.greeting.get("backend", ""))
    if link.greeting.get("relay") != wire.RELAY or found != __version__:
        link.close()
        raise ssh.other_version(remote, f"version {found} of the backend, this computer has {__version__}")
    return link


def work(jobs: Path, remote: Remote, connect: Connect = connect_by_ssh) -> None:
    """Runs the host's jobs until none is left. Returns immediately if another relay does.

    A relay whose files were updated hands its jobs over to a relay of the new version. One whose files were removed takes no
    other job.

    Raises:
        JobError: The jobs folder cannot be written.
    """
    relay = Relay(jobs, remote, connect)
    lock = FolderLock(jobs / remote.lock_name)
    # As in a worker: release the lock first, then check for new jobs, so that none is missed.
    while lock.acquire():
        try:
            relay.run()
        finally:
            lock.release()
        if relay.was_updated:
            hand_over(Location(jobs, remote))
            return
        if installed.has_changed() or not relay.due():
            return


class Relay:
    """Mirrors the jobs of one host. For the arguments, see `work`."""

    def __init__(self, jobs: Path, remote: Remote, connect: Connect) -> None:
        self._jobs, self._remote, self._connect = jobs, remote, connect
        self._mirrors: dict[str, Mirror] = {}
        self._ended: set[str] = set()  # names of jobs with nothing to do until they are resumed
        self._refused: set[str] = set()  # names of jobs that could not be opened; a retry would loop forever
        self._scanned_at = float("-inf")
        self.was_updated = False  # the jobs are left to a relay of the new version

    def due(self) -> list[Path]:
        """Folders of the jobs that wait for this relay: new, cut off or resumed ones."""
        return list_jobs(self._jobs, self._is_due)

    def _is_due(self, folder: Path) -> bool:
        name = folder.name
        if name in self._mirrors or name in self._refused:
            return False
        if is_requested(folder, "resume"):
            return read(folder) == self._remote
        if name not in self._ended and (read(folder) != self._remote or JobFollower(folder).recall()):
            self._ended.add(name)
        return name not in self._ended and not is_locked(folder / "lock")

    def run(self) -> None:
        """Follows all jobs until they end, over as many connections as necessary."""
        retry_s = FIRST_RETRY_S
        while self._open_due():
            began = time.monotonic()
            try:
                with open_link(self._remote, self._connect) as link:
                    self._follow(link)
            except (LinkError, WireError) as error:
                self._handle_loss(str(error), error.code if isinstance(error, LinkError) else "wire")
                if time.monotonic() - began > STABLE_S:
                    retry_s = FIRST_RETRY_S
                self._wait(retry_s)
                retry_s = min(2 * retry_s, LONGEST_RETRY_S)
        for job in list(self._mirrors.values()):  # left to the new version
            job.release()
            self._close(job)

    def _open_due(self) -> bool:
        """Opens new jobs every `SCAN_EVERY_S` seconds. Returns whether any job is open that this relay follows."""
        if not self._mirrors or time.monotonic() - self._scanned_at > SCAN_EVERY_S:
            self._scanned_at = time.monotonic()
            self.was_updated = self.was_updated or installed.is_updated()
            for folder in [] if installed.has_changed() else self.due():
                try:
                    if mirror := open_mirror(folder):
                        self._mirrors[folder.name] = mirror
                        continue
                except (OSError, JobError) as error:
                    print(f"Cannot open {folder.name}: {error}", file=sys.stderr, flush=True)
                self._refused.add(folder.name)
        return bool(self._mirrors) and not self.was_updated

    def _follow(self, link: Link) -> None:
        """Follows the jobs over one connection until all have ended.

        Raises:
            LinkError, WireError: The connection cannot be used any longer.
        """
        requested: set[str] = set()
        while self._open_due():
            for name, job in list(self._mirrors.items()):
                if not job.is_held:
                    job.release()
                    del self._mirrors[name]  # not ended: opened again if only the lock was deleted
                    continue
                if name not in requested:
                    requested.add(name)
                    if not self._send_inputs(link, job):
                        continue
                    link.send(**job.follow_message())
                    job.is_sent = True
                for message in job.new_controls():
                    link.send(**message)
            for frame in link.frames(POLL_S):
                self._receive(frame)
            requested &= self._mirrors.keys()

    def _send_inputs(self, link: Link, job: Mirror) -> bool:
        """Sends what the job works on. Returns False if that cannot be read, which ends the job."""
        try:
            for message in job.input_messages():
                link.send(**message)
            return True
        except OSError as error:
            job.fail(f"Cannot read {error.filename}: {error.strerror}. Start the job again.", "files")
            self._close(job)
            return False

    def _receive(self, frame: Frame) -> None:
        job = self._mirrors.get(str(frame.head.get("job")))
        if job is None:
            return
        try:
            match frame.kind:
                case "accepted":
                    job.note_accepted(self._remote.host)
                case "over":
                    job.finish()
                    self._close(job)
                case "failed":
                    job.fail(f"{self._remote.host}: {frame.head.get('message')}", str(frame.head.get("code")))
                    self._close(job)
                case _:
                    job.receive(frame)
        except OSError as error:
            print(f"Cannot write to {job.folder}: {error}", file=sys.stderr, flush=True)
            job.release()
            self._refused.add(job.folder.name)
            self._close(job)

    def _handle_loss(self, message: str, code: str) -> None:
        """The connection is lost. Jobs that the host has accepted continue on it.

        It may have accepted one whose confirmation was lost, so a request that was sent is sent again. The others end.
        """
        host = self._remote.host
        for job in list(self._mirrors.values()):
            job.drop_part()
            if job.is_requested("cancel") and (job.is_accepted or job.is_sent):
                job.cancel(f"The cancel request did not reach {host}. The job may continue on that host. {message}")
            elif job.is_accepted:
                job.note_lost(host, message, code)
                continue
            elif job.is_sent and job.losses < MAX_LOSSES:
                job.losses += 1
                continue
            else:
                job.fail(message, "remote")
            self._close(job)

    def _close(self, job: Mirror) -> None:
        del self._mirrors[job.folder.name]
        self._ended.add(job.folder.name)

    def _wait(self, seconds: float) -> None:
        """Waits before the next connection. A new job or a cancel request ends the wait."""
        until = time.monotonic() + seconds
        while self._mirrors and time.monotonic() < until:
            count = len(self._mirrors)
            if not self._open_due() or len(self._mirrors) > count:
                return
            if any(job.is_requested("cancel") for job in self._mirrors.values()):
                return
            time.sleep(POLL_S)
