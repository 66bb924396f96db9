from __future__ import annotations
from pathlib import Path
from tests.addon.conftest import RunInBlender


def test_inputs(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    got = run_in_blender("texture_inputs.py", str(tmp_path))
    for a in got.values():
        for k, v in a.items():
            print(k, v)


def test_arrival(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    got = run_in_blender("texture_arrival.py", str(tmp_path), python="/usr/bin/true")
    for k, v in got.items():
        print(k, v)


def test_job(run_in_blender: RunInBlender, backend_python: Path) -> None:
    from tests.addon import small

    got = run_in_blender("texture_job.py", small.typed(small.TEXTURE_OVERRIDES), python=str(backend_python))
    for k, v in got.items():
        print(k, v)
