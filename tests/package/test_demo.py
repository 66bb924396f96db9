"""`build.py demo "a red mushroom"`, from the command to the image."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

OPEN = """
import json, sys
import bpy
bpy.ops.wm.open_mainfile(filepath=sys.argv[1])
scene = bpy.context.scene
facts = {
    "engine": scene.render.engine,
    "camera": scene.camera is not None,
    "lights": len([o for o in scene.objects if o.type == "LIGHT"]),
    "mushroom": [len(o.data.polygons) for o in scene.objects if o.name == "Mushroom"],
    "packed": [i.packed_file is not None for i in bpy.data.images if i.source == "FILE"],
}
print("FACTS", json.dumps(facts))
"""


@pytest.mark.slow
def test_demo_renders_a_red_mushroom(repo: Path, blender_python: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, repo / "build.py", "demo", "a red mushroom", "--output", out]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "from Generate to the object" in done.stdout

    picture = np.asarray(Image.open(out / "render.png").convert("RGB")).astype(float)
    red = (picture[..., 0] > 1.5 * picture[..., 1]) & (picture[..., 0] > 1.5 * picture[..., 2])
    middle = red[160:480, 160:480]
    assert 0.1 < middle.mean() < 0.95, "the object must be red"
    assert red[:32].mean() < 0.01, "the top edge must show the backdrop"

    opened = subprocess.run([blender_python, "-c", OPEN, out / "scene.blend"], capture_output=True, text=True)
    facts = json.loads(opened.stdout.split("FACTS", 1)[1].splitlines()[0])
    assert facts["engine"] == "CYCLES"
    assert facts["camera"]
    assert facts["lights"] >= 1
    (faces,) = facts["mushroom"]
    assert faces > 200
    assert facts["packed"], "scene.blend must contain the textures"
    assert all(facts["packed"])

    (job,) = [folder for folder in (out / "jobs").iterdir() if (folder / "job.json").is_file()]
    assert (job / "asset" / "mesh.glb").is_file()
    assert '"kind": "result"' in (job / "events.jsonl").read_text(encoding="utf-8")
