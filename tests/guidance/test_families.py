"""Every family against diffusers' own pipeline: equal text encodings, guided predictions and pictures."""

import pytest
import torch

from backend.guidance.families import FAMILIES, load_family
from backend.guidance.families.components import read_index
from backend.guidance.sds import guided_noise
from backend.guidance.view_conditions import ViewConditions
from tests.guidance.pipeline_runs import SCALE, match_schedule, run_pipeline, true_noise
from tests.guidance.tiny_models import MAKERS, NEGATIVE, PROMPT

CPU = torch.device("cpu")


EMPTY_IS_SPECIAL = ("sdxl", "sana")  # encode an empty text differently from a short one


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
    """The prior, and a run of the same model by its own pipeline with the same prompt."""
    kind, negative = request.param
    prior = load_family(tiny(kind), CPU, torch.float32, picture_px=32 if kind.startswith("flux") else 0)
    prior.prepare(PROMPT, negative)
    prompt = prior.view_text(PROMPT, ViewConditions(0.0, 0.0, "unlit"))
    return prior, run_pipeline(tiny(kind), prompt, negative, prior.image_px), prompt, negative


def guided(prior, z, t, prompt, negative):
    timesteps = torch.full((2,), t)
    cond, uncond = prior.predict_noise(z.repeat(2, 1, 1, 1), timesteps, prior.encode_text([prompt, negative])).chunk(2)
    return guided_noise(cond, uncond, SCALE)


def test_prediction_and_picture_equal_the_pipelines(both):
    prior, run, prompt, negative = both
    indices = match_schedule(prior, run)
    with torch.no_grad():
        for step, t in zip(run.steps, indices, strict=True):
            z = step.input / prior.schedule.scale[t]
            torch.testing.assert_close(
                guided(prior, z, t, prompt, negative), true_noise(prior, step), atol=2e-4, rtol=2e-4
            )

        # DDIM from the second step: the first input of flow models is pure noise.
        z = run.steps[1].input / prior.schedule.scale[indices[1]]
        for t, following in zip(indices[1:], [*indices[2:], None], strict=True):
            a = prior.alphas_cumprod[t]
            noise = guided(prior, z, t, prompt, negative)
            picture = (z - (1 - a).sqrt() * noise) / a.sqrt()
            a = torch.ones(()) if following is None else prior.alphas_cumprod[following]
            z = a.sqrt() * picture + (1 - a).sqrt() * noise
        torch.testing.assert_close(z, run.final, atol=2e-3, rtol=2e-3)
        torch.testing.assert_close(prior.decode(z), run.image, atol=2e-3, rtol=2e-3)


def test_predictions_depend_on_the_text(both):
    """Otherwise the test above would be meaningless."""
    prior, run, prompt, negative = both
    z, timesteps = run.steps[1].input, torch.full((2,), 0)
    cond, uncond = prior.predict_noise(z.repeat(2, 1, 1, 1), timesteps, prior.encode_text([prompt, negative])).chunk(2)
    assert (cond - uncond).abs().max() > 1e-3


def test_attention_is_fused(both, monkeypatch):
    """Plain attention needs memory quadratic in the number of pixels."""
    prior, _, prompt, _ = both
    calls, fused = [], torch.nn.functional.scaled_dot_product_attention

    def counted(*args, **options):
        calls.append(1)
        return fused(*args, **options)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", counted)
    side = prior.image_px // prior.vae_scale_factor
    channels = prior.config["in_channels"] // (4 if prior.pipeline_name == "FluxPipeline" else 1)  # packed latents
    prior.predict_noise(torch.zeros(1, channels, side, side), torch.tensor([1]), prior.encode_text([prompt]))
    assert calls


def test_every_family_has_a_tiny_model(tiny):
    assert {read_index(tiny(kind))["_class_name"] for kind in MAKERS} == set(FAMILIES)
