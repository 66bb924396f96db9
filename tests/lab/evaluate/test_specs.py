"""Prompts of the samples evaluation: seen and held-out color pairs, and held-out phrasings."""

import math
import random
from collections import Counter

import pytest

from backend.guidance import view_conditions
from backend.guidance.view_conditions import AZIMUTH_WORDS, ViewConditions, fine_view
from backend.lab.evaluate.specs import AZIMUTHS_DEG, HELD_OUT, PHRASED, PHRASINGS, SEEN, TEXTURELESS, specs_of
from backend.lab.world.captions import FORMS, Subject, article, compose, noun_phrase
from backend.lab.world.kinds import KINDS
from backend.lab.world.vocabulary import COLORS, held_out_colors

COUNTS = {SEEN: 16, HELD_OUT: 4, PHRASED: 3, TEXTURELESS: 2}


@pytest.mark.parametrize("kind", ["mug", "chair", "fish"])
def test_held_out_pairs_are_separate(kind):
    specs = specs_of(kind, 3, COUNTS, list(COLORS), seed=0)
    assert Counter(spec.which for spec in specs) == COUNTS
    for spec in specs:
        assert (spec.color in held_out_colors(kind)) == (spec.which == HELD_OUT)
        assert (spec.style == view_conditions.TEXTURELESS) == (spec.which == TEXTURELESS)
        assert spec.kind in spec.prompt
        assert spec.color in spec.prompt
    assert specs == specs_of(kind, 3, COUNTS, list(COLORS), seed=0)
    assert specs != specs_of(kind, 3, COUNTS, list(COLORS), seed=1)


def test_all_directions_are_equally_frequent():
    seen = [spec for number, kind in enumerate(KINDS) for spec in specs_of(kind, number, COUNTS, list(COLORS), 0)]
    counts = Counter(spec.azimuth_deg for spec in seen if spec.which == SEEN)
    assert set(counts) == set(AZIMUTHS_DEG)
    assert len(set(counts.values())) == 1
    assert {fine_view(math.radians(a), 0).rsplit(" from", 1)[0] for a in AZIMUTHS_DEG} == set(AZIMUTH_WORDS)


def test_training_captions_do_not_contain_the_held_out_phrasings():
    rng = random.Random(0)
    subject = Subject("mug", "orange")
    captions = {noun_phrase(subject, form) for form in range(FORMS)}
    captions |= {compose(subject, ViewConditions(0.0, 0.0, "unlit"), rng).text for _ in range(300)}
    for template in PHRASINGS:
        prompt = template.format(kind="mug", color="orange", a_color=article("orange"))
        assert not any(caption.startswith(prompt) for caption in captions), prompt
