"""Noise schedules against diffusers' schedulers, and conversions between predictions."""

import pytest
import torch

from backend.errors import UserError
from backend.guidance.noise_schedule import flow_schedule, read_schedule


def scheduler_config(name: str, **options):
    import diffusers

    return dict(getattr(diffusers, name)(**options).config) | {"_class_name": name}


@pytest.mark.parametrize("sampler", ["DDIMScheduler", "PNDMScheduler", "EulerDiscreteScheduler", "DDPMScheduler"])
def test_alphas_cumprod_depend_only_on_the_betas(sampler):
    config = scheduler_config(sampler, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
    schedule = read_schedule(config, 4096)
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2
    torch.testing.assert_close(schedule.alphas_cumprod.double(), (1 - betas).cumprod(0), rtol=1e-4, atol=1e-6)
    assert schedule.timesteps.tolist() == list(range(1000))
    assert schedule.prediction_type == "epsilon"
    assert (schedule.scale == 1).all()


def test_terminal_rescaling_is_applied():
    config = scheduler_config("DDIMScheduler", rescale_betas_zero_snr=True, prediction_type="v_prediction")
    schedule = read_schedule(config, 4096)
    assert schedule.alphas_cumprod[-1] < 1e-6
    assert schedule.prediction_type == "v_prediction"


def s_of(schedule):
    """Returns the time s of a flow from the tables: sigma_t times the scale."""
    return (1 - schedule.alphas_cumprod).sqrt() * schedule.scale


def test_sd3_is_shifted_by_three():
    schedule = read_schedule(scheduler_config("FlowMatchEulerDiscreteScheduler", shift=3.0), 4096)
    plain = torch.arange(1, 1001) / 1000
    expected = (3 * plain / (1 + 2 * plain)).clamp(max=0.999)
    torch.testing.assert_close(s_of(schedule), expected, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(schedule.timesteps, 1000 * expected, atol=1e-2, rtol=1e-5)


@pytest.mark.parametrize(("tokens", "mu"), [(256, 0.5), (4096, 1.15)])
def test_the_shift_of_flux_dev_depends_on_the_size_of_the_picture(tokens, mu):
    schedule = read_schedule(scheduler_config("FlowMatchEulerDiscreteScheduler", use_dynamic_shifting=True), tokens)
    plain = torch.arange(1, 1001) / 1000
    e = torch.tensor(mu).exp()
    expected = (e / (e + 1 / plain - 1)).clamp(max=0.999)
    torch.testing.assert_close(s_of(schedule), expected, atol=1e-5, rtol=1e-5)


def test_sana_reads_its_flow_from_another_scheduler():
    config = scheduler_config(
        "DPMSolverMultistepScheduler", prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
    )
    sd3 = read_schedule(scheduler_config("FlowMatchEulerDiscreteScheduler", shift=3.0), 1)
    schedule = read_schedule(config, 1024)
    assert schedule.prediction_type == "flow"
    torch.testing.assert_close(schedule.alphas_cumprod, sd3.alphas_cumprod)


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction", "sample", "flow"])
def test_perfect_predictions_return_the_noise(prediction_type):
    """Predictions for a known picture and noise, by definition."""
    s = torch.tensor([0.1, 0.5, 0.9])
    schedule = flow_schedule(s)
    if prediction_type != "flow":
        config = scheduler_config("DDPMScheduler", prediction_type=prediction_type)
        schedule = read_schedule(config, 1)
    t = torch.arange(3)
    x, noise = torch.randn(2, 3, 1, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    a = schedule.alphas_cumprod[t].view(-1, 1, 1, 1).double()
    alpha, sigma = a.sqrt(), (1 - a).sqrt()
    output = {"epsilon": noise, "v_prediction": alpha * noise - sigma * x, "sample": x, "flow": noise - x}[
        prediction_type
    ]
    torch.testing.assert_close(schedule.noise(output, alpha * x + sigma * noise, t), noise, atol=1e-5, rtol=1e-5)


def test_the_network_input_is_the_mixture_of_the_flow():
    s = torch.tensor([0.25, 0.75])
    schedule, t = flow_schedule(s), torch.arange(2)
    x, noise = torch.ones(2, 1, 1, 1), -2 * torch.ones(2, 1, 1, 1)
    a = schedule.alphas_cumprod.view(-1, 1, 1, 1)
    mixture = schedule.network_input(a.sqrt() * x + (1 - a).sqrt() * noise, t)
    torch.testing.assert_close(mixture.flatten(), (1 - s) - 2 * s)
    assert schedule.timesteps.tolist() == [250, 750]


def test_other_kinds_of_schedules_are_rejected():
    with pytest.raises(UserError, match=r"EDMEulerScheduler.*not supported"):
        read_schedule({"_class_name": "EDMEulerScheduler"}, 1)
