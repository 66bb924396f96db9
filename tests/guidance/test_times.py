"""Tables of noise against diffusers' schedulers, and the algebra between predictions."""

import pytest
import torch

from backend.errors import UserError
from backend.guidance.times import flow_times, read_times


def scheduler_config(name: str, **options):
    import diffusers

    return dict(getattr(diffusers, name)(**options).config) | {"_class_name": name}


@pytest.mark.parametrize("sampler", ["DDIMScheduler", "PNDMScheduler", "EulerDiscreteScheduler", "DDPMScheduler"])
def test_alphas_cumprod_are_those_of_the_betas_whatever_the_sampler(sampler):
    config = scheduler_config(sampler, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
    times = read_times(config, 4096)
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2
    torch.testing.assert_close(times.alphas_cumprod.double(), (1 - betas).cumprod(0), rtol=1e-4, atol=1e-6)
    assert times.told.tolist() == list(range(1000))
    assert times.output == "epsilon"
    assert (times.scale == 1).all()


def test_terminal_rescaling_is_heeded():
    config = scheduler_config("DDIMScheduler", rescale_betas_zero_snr=True, prediction_type="v_prediction")
    times = read_times(config, 4096)
    assert times.alphas_cumprod[-1] < 1e-6
    assert times.output == "v_prediction"


def s_of(times):
    """The flow's own time from the two tables: sigma_t times the scale."""
    return (1 - times.alphas_cumprod).sqrt() * times.scale


def test_sd3_is_shifted_by_three():
    times = read_times(scheduler_config("FlowMatchEulerDiscreteScheduler", shift=3.0), 4096)
    plain = torch.arange(1, 1001) / 1000
    expected = (3 * plain / (1 + 2 * plain)).clamp(max=0.999)
    torch.testing.assert_close(s_of(times), expected, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(times.told, 1000 * expected, atol=1e-2, rtol=1e-5)


@pytest.mark.parametrize(("tokens", "mu"), [(256, 0.5), (4096, 1.15)])
def test_flux_dev_is_shifted_with_the_size_of_the_picture(tokens, mu):
    times = read_times(scheduler_config("FlowMatchEulerDiscreteScheduler", use_dynamic_shifting=True), tokens)
    plain = torch.arange(1, 1001) / 1000
    e = torch.tensor(mu).exp()
    expected = (e / (e + 1 / plain - 1)).clamp(max=0.999)
    torch.testing.assert_close(s_of(times), expected, atol=1e-5, rtol=1e-5)


def test_sana_flows_through_another_scheduler():
    config = scheduler_config(
        "DPMSolverMultistepScheduler", prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
    )
    sd3 = read_times(scheduler_config("FlowMatchEulerDiscreteScheduler", shift=3.0), 1)
    times = read_times(config, 1024)
    assert times.output == "flow"
    torch.testing.assert_close(times.alphas_cumprod, sd3.alphas_cumprod)


@pytest.mark.parametrize("output", ["epsilon", "v_prediction", "sample", "flow"])
def test_a_perfect_network_gives_back_the_noise(output):
    """From the definitions: what the network would say of a known picture and noise."""
    s = torch.tensor([0.1, 0.5, 0.9])
    times = flow_times(s)
    if output != "flow":
        config = scheduler_config("DDPMScheduler", prediction_type=output)
        times = read_times(config, 1)
    t = torch.arange(3)
    x, noise = torch.randn(2, 3, 1, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    a = times.alphas_cumprod[t].view(-1, 1, 1, 1).double()
    alpha, sigma = a.sqrt(), (1 - a).sqrt()
    said = {"epsilon": noise, "v_prediction": alpha * noise - sigma * x, "sample": x, "flow": noise - x}[output]
    torch.testing.assert_close(times.noise(said, alpha * x + sigma * noise, t), noise, atol=1e-5, rtol=1e-5)


def test_the_network_sees_the_flows_own_mixture():
    s = torch.tensor([0.25, 0.75])
    times, t = flow_times(s), torch.arange(2)
    x, noise = torch.ones(2, 1, 1, 1), -2 * torch.ones(2, 1, 1, 1)
    a = times.alphas_cumprod.view(-1, 1, 1, 1)
    seen = times.network_input(a.sqrt() * x + (1 - a).sqrt() * noise, t)
    torch.testing.assert_close(seen.flatten(), (1 - s) - 2 * s)
    assert times.told.tolist() == [250, 750]


def test_a_schedule_of_another_kind_is_refused():
    with pytest.raises(UserError, match=r"EDMEulerScheduler.*not supported"):
        read_times({"_class_name": "EDMEulerScheduler"}, 1)
