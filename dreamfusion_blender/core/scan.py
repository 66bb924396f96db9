"""Finds the jobs that other clients have added to a jobs folder or removed from it."""

from __future__ import annotations

import bisect
import itertools
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from ..backend.jobs.folder import may_be_job

NAMES_PER_STEP = 50


class FolderScan:
    """Lists a jobs folder after it has changed, a few names per call: thousands of names take longer than a tick.

    Args:
        folder: The jobs folder.
        known: Ids of the jobs that are known, as a live view.
    """

    def __init__(self, folder: Path, known: Collection[str]) -> None:
        self._folder, self._known = folder, known
        self._entries: Iterator[os.DirEntry[str]] | None = None  # of the running listing
        self._missing: set[str] = set()  # known names that the running listing has not met yet
        self._new: list[str] = []  # sorted
        self._gone: list[str] = []
        self._ignored: set[str] = set()  # names of folders without a readable request
        self._mtime_ns = -1  # of the folder when its listing was started

    @property
    def is_running(self) -> bool:
        """Whether `next_name` has more to do."""
        return self._entries is not None or bool(self._new or self._gone)

    @property
    def is_listing(self) -> bool:
        """Whether `next_name` lists more of the folder."""
        return self._entries is not None

    def start(self) -> None:
        """Starts a listing if the folder has changed since the last one."""
        if self._entries is not None:
            return
        entries: Iterator[os.DirEntry[str]]
        try:
            mtime_ns = os.stat(self._folder).st_mtime_ns
            if mtime_ns == self._mtime_ns:
                return
            entries = os.scandir(self._folder)
        except FileNotFoundError:  # deleted, with all jobs
            mtime_ns, entries = -1, iter(())
        except OSError:
            return
        self._entries, self._mtime_ns = entries, mtime_ns
        self._missing, self._new, self._gone = set(self._known), [], []

    def start_again(self) -> None:
        """Lists the folder at the next `start`, even if it has not changed."""
        self._mtime_ns = -1

    def ignore(self, name: str) -> None:
        """Leaves out a name from now on."""
        self._ignored.add(name)

    def next_name(self) -> str:
        """Takes one short step. Returns a known job whose folder may be gone, then the new names, newest first.

        Empty while the folder is listed.
        """
        if self._entries is not None:
            self._list_some(self._entries)
            return ""
        names = self._gone or self._new
        return names.pop() if names else ""

    def _list_some(self, entries: Iterator[os.DirEntry[str]]) -> None:
        try:
            names = [entry.name for entry in itertools.islice(entries, NAMES_PER_STEP)]
        except OSError:
            self._entries, self._mtime_ns = None, -1
            return
        self._missing.difference_update(names)
        for name in names:
            if name not in self._known and name not in self._ignored and may_be_job(name):
                bisect.insort(self._new, name)
        if not names:
            self._gone = list(self._missing)
            self._entries = None
