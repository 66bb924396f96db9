"""The picture of the check, drawn by diffusers' pipeline and by this project, for every family."""

import pytest
import torch

from backend.guidance.families import load_family
from backend.models.checking.drawing import draw_with_pipeline, draw_with_prior
from tests.guidance.tiny_models import MAKERS, PROMPT, save_tiny


@pytest.mark.parametrize("kind", MAKERS)
def test_both_pictures_are_the_same(kind, tmp_path):
    folder = save_tiny(kind, tmp_path / kind)
    prior = load_family(folder, torch.device("cpu"), torch.float32, picture_px=32 if kind.startswith("flux") else 0)
    prior.prepare(PROMPT, "")
    prior.unload()
    theirs, trace = draw_with_pipeline(prior, PROMPT, 4)
    ours = draw_with_prior(prior, PROMPT, trace, lambda share: None)
    assert theirs.std() > 1e-3
    torch.testing.assert_close(ours, theirs, atol=1e-2, rtol=0)
