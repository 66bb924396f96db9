"""Descriptions of settings and presets, the source of the reference pages."""

from __future__ import annotations

import pytest

from backend.config.doc import describe
from backend.config.mesh import MeshSettings
from backend.config.overrides import flatten
from backend.config.presets import ALL_PRESETS, DESCRIPTIONS
from backend.config.settings import Settings
from backend.errors import UserError


def test_every_setting_has_a_description() -> None:
    docs = describe(Settings())
    assert list(docs) == list(flatten(Settings()))
    for path, doc in docs.items():
        assert doc.text[:1].isupper(), path
        assert not doc.text.endswith("."), path
        assert "\n" not in doc.text
        assert (doc.low is None) == (doc.high is None)


def test_every_group_has_a_summary() -> None:
    groups = [getattr(Settings(), path.partition(".")[0]) for path in flatten(Settings())]
    for group in groups:
        assert (type(group).__doc__ or "").splitlines()[0].endswith("."), group


def test_every_preset_has_a_description() -> None:
    assert DESCRIPTIONS.keys() == ALL_PRESETS.keys()
    assert list(DESCRIPTIONS) == list(ALL_PRESETS)


@pytest.mark.parametrize("resolution", [15, 1025])
def test_the_documented_range_is_checked(resolution: int) -> None:
    doc = describe(Settings())["mesh.resolution"]
    assert (doc.low, doc.high) == (16, 1024)
    with pytest.raises(UserError, match=r"'resolution' is \d+ and must be between 16 and 1024") as caught:
        MeshSettings(resolution=resolution)
    assert caught.value.code == "settings"
