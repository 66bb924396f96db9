"""Score distillation with a score in closed form: Gaussian pictures."""

import pytest
import torch

from backend.guidance.base import Conditioning
from backend.guidance.objectives import Objective, Texts, distillation_gradient
from backend.guidance.sds import Noising, as_loss, draw_noising, guided_noise

MEAN, SPREAD = 0.3, 0.5


class Gaussian:
    """x ~ N(mean, SPREAD^2) with the optimal prediction of the noise. The text is the mean."""

    name, image_px = "gaussian", 8
    alphas_cumprod = torch.linspace(0.999, 0.001, 1000)

    def predict_noise(self, z_t, t, text):
        a = self.alphas_cumprod[t].view(-1, 1, 1, 1)
        mean = text.hidden.view(-1, 1, 1, 1)
        return (1 - a).sqrt() * (z_t - a.sqrt() * mean) / (a * SPREAD**2 + 1 - a)


TEXT, EMPTY = Conditioning(torch.tensor([[MEAN]]), None), Conditioning(torch.tensor([[0.0]]), None)


def expected_gradient(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The mean of w(t) (eps_hat - eps) over the noise at guidance 1: sigma^2 * alpha sigma (x - mean) / variance of z."""
    a = Gaussian.alphas_cumprod[t].view(-1, 1, 1, 1)
    return (1 - a) * (a * (1 - a)).sqrt() * (x - MEAN) / (a * SPREAD**2 + 1 - a)


@pytest.mark.parametrize("timestep", [20, 500, 980])
def test_the_mean_gradient_equals_the_closed_form(timestep):
    generator = torch.Generator().manual_seed(0)
    x = torch.full((20_000, 1, 1, 1), 1.5)
    noising = Noising(torch.full((len(x),), timestep), torch.randn(x.shape, generator=generator))
    rows = torch.zeros(len(x), dtype=torch.long)
    gradient = distillation_gradient(
        Gaussian(), x, Texts(TEXT[rows], EMPTY[rows]), noising, Objective(guidance_scale=1.0)
    )
    expected = expected_gradient(x[:1], noising.t[:1]).item()
    assert gradient.mean().item() == pytest.approx(expected, abs=4 * gradient.std().item() / 141)
    assert expected > 0


def test_optimization_converges_to_the_mode():
    generator = torch.Generator().manual_seed(1)
    x = torch.full((16, 1, 4, 4), -2.0, requires_grad=True)
    rows = torch.zeros(16, dtype=torch.long)
    adam = torch.optim.Adam([x], lr=0.05)
    texts = Texts(TEXT[rows], EMPTY[rows])
    for step in range(400):
        noising = draw_noising(x, (0.02, 0.98), 1000, generator)
        gradient = distillation_gradient(Gaussian(), x.detach(), texts, noising, Objective(guidance_scale=1.0))
        loss = as_loss(x, gradient)
        adam.param_groups[0]["lr"] = 0.05 * (1 - step / 400)
        adam.zero_grad()
        loss.backward()
        adam.step()
    assert x.mean().item() == pytest.approx(MEAN, abs=0.03)
    assert x.std().item() < 0.1  # mode seeking: far narrower than SPREAD


def test_guidance_scale_follows_the_convention_of_diffusers():
    cond, uncond = torch.tensor([[[[3.0]]]]), torch.tensor([[[[1.0]]]])
    assert guided_noise(cond, uncond, 1.0).item() == 3.0
    assert guided_noise(cond, uncond, 101.0).item() == 203.0  # the paper's w = 100: (1 + w) cond - w uncond
    assert guided_noise(cond, uncond, 101.0).item() == (1 + 100) * 3.0 - 100 * 1.0


def test_full_rescale_restores_the_standard_deviation_of_the_conditional_prediction():
    generator = torch.Generator().manual_seed(2)
    cond, uncond = torch.randn(2, 3, 8, 8, generator=generator), torch.randn(2, 3, 8, 8, generator=generator)
    rescaled = guided_noise(cond, uncond, 30.0, rescale=1.0)
    torch.testing.assert_close(rescaled.std((1, 2, 3)), cond.std((1, 2, 3)))


def test_the_loss_has_the_given_gradient():
    x = torch.randn(3, 2, 4, 4, requires_grad=True)
    gradient = torch.randn(3, 2, 4, 4)
    as_loss(x, gradient).backward()
    torch.testing.assert_close(x.grad, gradient / 3)


def test_uniform_weighting_omits_sigma_squared():
    noising = Noising(torch.tensor([500]), torch.zeros(1, 1, 1, 1))
    x = torch.ones(1, 1, 1, 1)
    weighted, plain = (
        distillation_gradient(Gaussian(), x, Texts(TEXT, EMPTY), noising, Objective("sds", 5.0, weighting=weighting))
        for weighting in ("sigma_squared", "uniform")
    )
    torch.testing.assert_close(weighted, plain * (1 - Gaussian.alphas_cumprod[500]))


def test_timesteps_stay_in_their_range():
    t = draw_noising(torch.zeros(5000, 1, 1, 1), (0.02, 0.5), 1000, torch.Generator().manual_seed(0)).t
    assert t.min() >= 20
    assert t.max() < 500
    assert t.float().mean() == pytest.approx(260, abs=6)
