"""Every family against diffusers' own pipeline: the same words, the same prediction with guidance, the same picture."""

import pytest
import torch

from backend.guidance.families import FAMILIES, load_family
from backend.guidance.families.components import read_index
from backend.guidance.judgment import Look
from backend.guidance.sds import guided_noise
from tests.guidance.pipeline_runs import SCALE, on_the_runs_times, run_pipeline, true_noise
from tests.guidance.tiny_models import MAKERS, NEGATIVE, PROMPT

CPU = torch.device("cpu")


EMPTY_IS_SPECIAL = ("sdxl", "sana")  # to which an empty text is another thing than a short one


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(
            (kind, negative),
            id=f"{kind}-{negative or 'empty'}",
            marks=() if negative or kind in EMPTY_IS_SPECIAL else pytest.mark.slow,
        )
        for kind in MAKERS
        for negative in (NEGATIVE, "")
    ],
)
def both(request, tiny):
    """Our prior, and the same model's run by its own pipeline, at the same prompt."""
    kind, negative = request.param
    prior = load_family(tiny(kind), CPU, torch.float32, picture_px=32 if kind.startswith("flux") else 0)
    prior.prepare(PROMPT, negative)
    prompt = prior.view_text(PROMPT, Look(0.0, 0.0, "unlit"))
    return prior, run_pipeline(tiny(kind), prompt, negative, prior.image_px), prompt, negative


def guided(prior, z, t, prompt, negative):
    when = torch.full((2,), t)
    cond, uncond = prior.predict_noise(z.repeat(2, 1, 1, 1), when, prior.encode_text([prompt, negative])).chunk(2)
    return guided_noise(cond, uncond, SCALE)


def test_prediction_and_picture_are_the_pipelines(both):
    prior, run, prompt, negative = both
    indices = on_the_runs_times(prior, run)
    with torch.no_grad():
        for step, t in zip(run.steps, indices, strict=True):
            z = step.seen / prior.times.scale[t]
            torch.testing.assert_close(
                guided(prior, z, t, prompt, negative), true_noise(prior, step), atol=2e-4, rtol=2e-4
            )

        # DDIM from the second step on: at the first, flow models see nothing but noise.
        z = run.steps[1].seen / prior.times.scale[indices[1]]
        for t, following in zip(indices[1:], [*indices[2:], None], strict=True):
            a = prior.alphas_cumprod[t]
            noise = guided(prior, z, t, prompt, negative)
            picture = (z - (1 - a).sqrt() * noise) / a.sqrt()
            a = torch.ones(()) if following is None else prior.alphas_cumprod[following]
            z = a.sqrt() * picture + (1 - a).sqrt() * noise
        torch.testing.assert_close(z, run.final, atol=2e-3, rtol=2e-3)
        torch.testing.assert_close(prior.decode(z), run.image, atol=2e-3, rtol=2e-3)


def test_words_and_guidance_matter(both):
    """Or the comparison above would say nothing."""
    prior, run, prompt, negative = both
    z, when = run.steps[1].seen, torch.full((2,), 0)
    cond, uncond = prior.predict_noise(z.repeat(2, 1, 1, 1), when, prior.encode_text([prompt, negative])).chunk(2)
    assert (cond - uncond).abs().max() > 1e-3


def test_attention_never_writes_down_its_matrix(both, monkeypatch):
    """PyTorch's fused attention; the plain one needs memory that grows with the square of the pixels."""
    prior, _, prompt, _ = both
    asked, fused = [], torch.nn.functional.scaled_dot_product_attention

    def counted(*args, **options):
        asked.append(1)
        return fused(*args, **options)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", counted)
    side = prior.image_px // prior.shrinks
    channels = prior.config["in_channels"] // (4 if prior.pipeline_name == "FluxPipeline" else 1)  # packed there
    prior.predict_noise(torch.zeros(1, channels, side, side), torch.tensor([1]), prior.encode_text([prompt]))
    assert asked


def test_every_family_has_a_tiny_model(tiny):
    assert {read_index(tiny(kind))["_class_name"] for kind in MAKERS} == set(FAMILIES)
