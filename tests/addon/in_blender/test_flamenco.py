"""The button that submits a list to Flamenco, with a server like a Manager."""

from __future__ import annotations

from pathlib import Path

from tests.addon.conftest import RunInBlender
from tests.flamenco_manager import running


def test_a_list_is_submitted_to_flamenco(run_in_blender: RunInBlender, finished_job: Path, tmp_path: Path) -> None:
    with running() as (address, server):
        server.refuses_after = tmp_path / "refuse"
        got = run_in_blender("flamenco.py", address, str(finished_job), str(server.refuses_after), python="/bin/true")
        print(got)
    assert got["pump_error"] == ""
    assert got["without"] == ["Enter the address of the Flamenco Manager in the preferences.", []]
    message, made = got["unreachable"]
    assert message.startswith("Cannot reach Flamenco at http://127.0.0.1:9: ")
    assert made == []  # no job is left behind
    assert got["submitted"] == [["FINISHED"], ["queued", "queued"]]
    assert got["requests"] == [["a red mug", 3, "paper"], ["a green tree", 3, "paper"]]
    assert got["workers"] == 0  # none on this computer
    assert got["listed"] == [got["names"]]
    (job,) = server.submitted
    assert job["name"] == "DreamFusion: a red mug and 1 more"
    assert job["settings"]["job_names"].split("\n") == got["names"]
    assert job["settings"]["python"] == "/bin/true"
    assert got["arrived"] == got["names"][:1]
    message, states = got["refused"]
    assert message.startswith("Flamenco refused the request: the disk is full. ")
    assert states == ["cancelled", "cancelled", "done", "queued"]  # canceled ones can be resumed
