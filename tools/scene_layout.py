"""What is in the documentation's picture of several objects."""

from __future__ import annotations

import json
from pathlib import Path

# Prompt: position, height and rotation (degrees) in the picture.
LAYOUT: dict[str, tuple[float, float, float, float]] = {
    "a green tree": (-1.85, 1.2, 1.85, 20.0),
    "a white snowman": (-0.75, 0.75, 1.25, 15.0),
    "a brown barrel": (1.05, 0.95, 1.15, 0.0),
    "a blue teapot": (0.1, 0.05, 0.78, -25.0),
    "a red mushroom": (2.05, 0.15, 1.3, 0.0),
    "an orange pumpkin": (1.1, -0.35, 0.62, 30.0),
    "a yellow duck": (-0.85, -0.45, 0.62, 35.0),
    "a teal mug": (-1.95, -0.35, 0.66, 60.0),
    "a red apple": (0.35, -0.85, 0.36, 0.0),
}


def find_meshes(jobs: Path) -> dict[str, Path]:
    """The mesh of the newest finished job of each prompt."""
    found = {}
    for mesh in sorted(jobs.glob("*/asset/mesh.glb")):
        request = json.loads((mesh.parents[1] / "job.json").read_text(encoding="utf-8"))
        found[request["prompt"]] = mesh
    return found
