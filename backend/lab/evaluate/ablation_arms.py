"""The arms of the ablation: the settings of each arm, and the paper's figures for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import UserError
from .job_runner import JobRecipe

# Lists instead of tuples, because existing jobs are found by comparison with their JSON.
_FIXED_VIEWS = {"camera.elevation_deg": [30.0, 30.0], "camera.distance": [2.0, 2.0], "camera.fill": [0.9, 0.9]}
_NO_VIEW_WORDS = {"guidance.view_words": False}
_NO_LIGHT = {"shading.shaded": 0.0}
_NO_TEXTURELESS = {"shading.textureless": 0.0}


@dataclass(frozen=True)
class Arm:
    """One arm, a row of the table."""

    title: str
    overrides: Mapping[str, Any] = field(default_factory=dict)  # of the preset
    preset: str = ""  # instead of the preset under study
    is_guided_by_judge: bool = False  # the image-text model that ranks the captions guides the optimization as well
    before: str = ""  # name of the arm that this one is compared with
    paper: Mapping[str, float] = field(default_factory=dict)  # R-Precision in percent by mode, for CLIP L/14

    def recipe(self, preset: str, prior: str, judge: str, device: str, overrides: Mapping[str, Any]) -> JobRecipe:
        """Returns the recipe of this arm's objects. preset, prior, overrides: those under study."""
        chosen = judge if self.is_guided_by_judge else prior
        return JobRecipe(self.preset or preset, chosen, device, {**overrides, **self.overrides})


def _bars(albedo: float, color: float, geo: float) -> dict[str, float]:
    return {"albedo": albedo, "color": color, "geo": geo}


# In the order of figure 6: each arm adds one part to the arm before. The paper does not specify the cameras of its base
# arm; ours have a fixed elevation and distance, as in Dream Fields. The paper's figures are read off the bars of figure
# 6; those of Dream Fields (re-run) and CLIP-Mesh are from table 1 (L/14), which has no "geo" of CLIP-Mesh.
ARMS: dict[str, Arm] = {
    "base": Arm("base", {**_FIXED_VIEWS, **_NO_VIEW_WORDS, **_NO_LIGHT}, paper=_bars(88, 67, 5)),
    "view-augmentation": Arm(
        "+ view augmentation", {**_NO_VIEW_WORDS, **_NO_LIGHT}, before="base", paper=_bars(86, 73, 15)
    ),
    "view-words": Arm("+ view-dependent prompts", _NO_LIGHT, before="view-augmentation", paper=_bars(86, 75, 18)),
    "lighting": Arm("+ lighting", _NO_TEXTURELESS, before="view-words", paper=_bars(80, 81, 42)),
    "textureless": Arm("+ textureless", before="lighting", paper=_bars(79, 80, 59)),
    "dream-fields": Arm(
        "Dream Fields",
        preset="dream-fields",
        is_guided_by_judge=True,
        before="textureless",
        paper={"color": 82.9, "geo": 1.4},
    ),
    "clip-mesh": Arm(
        "CLIP-Mesh",
        preset="clip-mesh",
        is_guided_by_judge=True,
        before="textureless",
        paper={"color": 74.5},
    ),
}


def arm_folder(name: str) -> str:
    """Returns the folder name of an arm, numbered in the order of the table, such as "1-view-augmentation"."""
    return f"{list(ARMS).index(name)}-{name}"


def select_arms(names: Sequence[str]) -> dict[str, Arm]:
    """Returns the arms with these names in the order of the table, or all arms if `names` is empty.

    Raises:
        UserError: a name is unknown.
    """
    if unknown := [name for name in names if name not in ARMS]:
        raise UserError(f"Unknown arm '{unknown[0]}'. Choose from {', '.join(ARMS)}.", "arm")
    return {name: arm for name, arm in ARMS.items() if name in names or not names}
