"""The arms of the ablation: which parts of the method each has, and what the paper measured of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import UserError
from .job_runner import JobRecipe

# Lists, as JSON gives them back: so a job is found again.
_FIXED_VIEWS = {"camera.elevation_deg": [30.0, 30.0], "camera.distance": [2.0, 2.0], "camera.fill": [0.9, 0.9]}
_NO_WORDS = {"guidance.view_words": False}
_NO_LIGHT = {"shading.shaded": 0.0}
_NO_CLAY = {"shading.textureless": 0.0}


@dataclass(frozen=True)
class Arm:
    """One row of the table.

    overrides: of the preset; preset: another one than the one that is studied; is_guided_by_judge: the model that ranks is its
    prior; before: the slug of the arm that it is compared with; paper: R-Precision in percent by mode, CLIP L/14.
    """

    title: str
    overrides: Mapping[str, Any] = field(default_factory=dict)
    preset: str = ""
    is_guided_by_judge: bool = False
    before: str = ""
    paper: Mapping[str, float] = field(default_factory=dict)

    def recipe(self, preset: str, prior: str, judge: str, device: str, overrides: Mapping[str, Any]) -> JobRecipe:
        """How its objects are made, where `preset` and `prior` are what is studied."""
        chosen = judge if self.is_guided_by_judge else prior
        return JobRecipe(self.preset or preset, chosen, device, {**overrides, **self.overrides})


def _bars(albedo: float, color: float, geo: float) -> dict[str, float]:
    return {"albedo": albedo, "color": color, "geo": geo}


# In the order of figure 6: each has what the one before has, and one thing more. The paper does not say which cameras its base
# has: here they circle at one height and distance, as Dream Fields' do. Its figures are read off figure 6's bars, and for Dream
# Fields from table 1 (re-run, L/14).
ARMS: dict[str, Arm] = {
    "base": Arm("base", {**_FIXED_VIEWS, **_NO_WORDS, **_NO_LIGHT}, paper=_bars(88, 67, 5)),
    "view-augmentation": Arm("+ view augmentation", {**_NO_WORDS, **_NO_LIGHT}, before="base", paper=_bars(86, 73, 15)),
    "view-words": Arm("+ view words", _NO_LIGHT, before="view-augmentation", paper=_bars(86, 75, 18)),
    "lighting": Arm("+ lighting", _NO_CLAY, before="view-words", paper=_bars(80, 81, 42)),
    "textureless": Arm("+ textureless", before="lighting", paper=_bars(79, 80, 59)),
    "dream-fields": Arm(
        "Dream Fields",
        preset="dream-fields",
        is_guided_by_judge=True,
        before="textureless",
        paper={"color": 82.9, "geo": 1.4},
    ),
}


def arm_folder(slug: str) -> str:
    """An arm's folder in the output, in the table's order: "1-view-augmentation"."""
    return f"{list(ARMS).index(slug)}-{slug}"


def choose(slugs: Sequence[str]) -> dict[str, Arm]:
    """The arms of these names in the table's order, all of them when none is named.

    Raises:
        UserError: there is none of that name.
    """
    if unknown := [slug for slug in slugs if slug not in ARMS]:
        raise UserError(f"There is no arm '{unknown[0]}': choose among {', '.join(ARMS)}.", "arm")
    return {slug: arm for slug, arm in ARMS.items() if slug in slugs or not slugs}
