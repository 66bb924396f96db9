"""The list of a long queue in a Blender window. Screenshots are saved in `out/window/`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.events import PROTOCOL, EventWriter
from dreamfusion_blender.backend.jobs.folder import create_job_folder
from dreamfusion_blender.backend.jobs.lock import FolderLock
from dreamfusion_blender.backend.jobs.request import new_job

from dreamfusion_blender.core import groups
from tests.addon import small
from tests.addon.in_window.test_window import IN_BOTH, emptied, in_window

LONG = "a tall red mushroom with a white stem and many small white spots, " * 13


def list_of_twenty(jobs: Path, blend: Path) -> FolderLock:
    """A list with three finished jobs, a failed one, a running one, and waiting ones. Returns the lock of the running one."""
    ended = small.many_jobs(jobs / "ended", 10)
    lock = None
    for member in groups.new(20, title="a red mushroom"):
        prompt = LONG if member.number == 2 else small.THINGS[member.number % len(small.THINGS)]
        origin = {"client": "blender", "scene": "Scene", "file": str(blend), **member.as_origin()}
        folder = create_job_folder(jobs, new_job(prompt, seed=member.number, origin=origin))
        if member.number < 4:
            source = jobs / "ended" / ended[9 if member.number == 3 else 0]
            (folder / "events.jsonl").write_bytes((source / "events.jsonl").read_bytes())
            picture = "previews/000300.png"
            (folder / picture).write_bytes((source / picture).read_bytes())
        elif member.number == 4:
            write = EventWriter(folder)
            write("hello", protocol=PROTOCOL)
            write("progress", phase="optimising", step=120, total=300, elapsed_s=10.0, eta_s=40.0)
            write.close()
            lock = FolderLock(folder / "lock")
            assert lock.acquire()
    assert lock is not None
    return lock


@pytest.mark.window
@IN_BOTH
def test_the_list_of_a_long_queue(suite: str, gui_blender: Path, built_zip: Path, repo: Path, tmp_path: Path) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-queue-list")
    jobs, blend = tmp_path / "jobs", tmp_path / "scene.blend"
    lock = list_of_twenty(jobs, blend)
    arguments = [built_zip, jobs, blend, pictures]
    try:
        got = in_window(gui_blender, suite, "queue_list.py", arguments, pictures, tmp_path)
    finally:
        lock.release()
    print(json.dumps(got))
    assert got["shown"] == [states.RUNNING, "3 of 20 done, 1 failed", 15]
    position, _ = got["clicked"]
    assert 0 <= position < 20
    assert got["moved"] == got["order_of_worker"] == [6, 5, 7]
    assert got["kept"]
    assert got["not_cancelled"] == 16
    assert got["cancelled"] == 0
    assert got["prompts"] == ["a red mug", "a tree", "a cone"]
