"""The preset "paper" against the DreamFusion paper, points 1 to 7: score distillation. A test's name begins with its point."""

import math

import pytest
import torch

from backend.config.schedules import value
from backend.guidance.base import Conditioning
from backend.guidance.objectives import Objective, Texts, distillation_gradient
from backend.guidance.sds import Noising, as_loss, draw_timesteps, guided_noise

from .common import DRAWS, PAPER, Recorder, generator, small


def one_gradient(scale: float = 1.0, t: int = 300) -> tuple[Recorder, torch.Tensor, torch.Tensor, Noising]:
    prior, x = Recorder(), torch.rand(3, 3, 8, 8, generator=generator())
    noising = Noising(torch.full((3,), t), torch.randn(x.shape, generator=generator(1)))
    ones, zeros = Conditioning(torch.ones(3, 1), None), Conditioning(torch.zeros(3, 1), None)
    gradient = distillation_gradient(prior, x, Texts(ones, zeros), noising, Objective(guidance_scale=scale))
    return prior, gradient, x, noising


def test_p01_the_forward_process_mixes_by_alpha_and_sigma():
    prior, _, x, noising = one_gradient()
    alpha = math.sqrt(prior.alphas_cumprod[300])
    sigma = math.sqrt(1 - alpha**2)
    assert torch.allclose(prior.seen[0][0][:3], alpha * x + sigma * noising.noise, atol=1e-6)


def test_p02_the_papers_w_of_100_is_a_guidance_scale_of_101():
    w = 100.0
    cond, uncond = torch.randn(2, 2, 3, 4, 4, generator=generator())
    paper = (1 + w) * cond - w * uncond
    scale = value(PAPER.guidance.guidance_scale, 7000)
    assert torch.allclose(guided_noise(cond, uncond, scale), paper, atol=1e-3)


def test_p03_the_gradient_is_weighted_by_sigma_squared_and_t_is_uniform():
    prior, gradient, _, noising = one_gradient(scale=3.0)
    sigma_squared = 1 - float(prior.alphas_cumprod[300])
    assert torch.allclose(gradient, sigma_squared * (3.0 - noising.noise), atol=1e-5)
    assert PAPER.guidance.weighting == "sigma_squared"
    assert (PAPER.guidance.t_low, PAPER.guidance.t_high) == (0.02, 0.98)
    t = draw_timesteps(torch.rand(DRAWS, generator=generator()), (0.02, 0.98), 1000).double()
    assert (t.min(), t.max()) == (20, 979)
    assert t.mean().item() == pytest.approx(499.5, abs=6)
    assert t.std().item() == pytest.approx(960 / math.sqrt(12), abs=5)


def test_p03_each_view_of_each_step_has_separate_timestep_and_noise():
    run = small()
    for _ in range(2):
        run.advance()
    (z_first, t_first), (z_second, t_second) = run.prior.seen
    for z, t in run.prior.seen:  # both texts have the same noisy picture
        assert torch.equal(z[:4], z[4:])
        assert torch.equal(t[:4], t[4:])
    times = [*t_first[:4].tolist(), *t_second[:4].tolist()]
    assert len(set(times)) == 8
    assert len({float(picture[0, 0, 0]) for picture in (*z_first[:4], *z_second[:4])}) == 8


class Gaussian:
    """Pictures x ~ N(mean, spread^2), with the optimal prediction of the noise."""

    alphas_cumprod = torch.linspace(0.999, 0.001, 1000, dtype=torch.float64)

    def __init__(self, mean: float, spread: float):
        self.mean, self.spread = mean, spread

    def predict_noise(self, z_t, t, text):
        a = self.alphas_cumprod[t].view(-1, 1, 1, 1)
        return (1 - a).sqrt() * (z_t - a.sqrt() * self.mean) / (a * self.spread**2 + 1 - a)

    def direction(self, x: torch.Tensor, t: int, noise: torch.Tensor) -> torch.Tensor:
        rows, text = torch.full((len(noise),), t), Conditioning(torch.zeros(len(noise), 1), None)
        views, noising = x.expand(len(noise), 1, 1, 1), Noising(rows, noise)
        return distillation_gradient(self, views, Texts(text, text), noising, Objective(guidance_scale=1.0))


@pytest.mark.parametrize("t", [20, 500, 979])
@pytest.mark.parametrize("x", [-1.0, 0.3, 2.0])
def test_p04_the_direction_is_the_gradient_of_the_weighted_divergence(t, x):
    """The gradient of (sigma/alpha) w KL(q(z_t|x) || p(z_t)) by autograd, against the mean over the noise.

    The residual is linear in the noise, so the mean of two opposite draws is exact.
    """
    prior = Gaussian(mean=0.3, spread=0.5)
    a = prior.alphas_cumprod[t]
    alpha, sigma = a.sqrt(), (1 - a).sqrt()
    position = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    q = torch.distributions.Normal(alpha * position, sigma)
    p = torch.distributions.Normal(alpha * prior.mean, (a * prior.spread**2 + 1 - a).sqrt())
    (sigma / alpha * sigma**2 * torch.distributions.kl_divergence(q, p)).backward()
    noise = torch.tensor([0.7, -0.7], dtype=torch.float64).view(2, 1, 1, 1)
    mean = prior.direction(position.detach(), t, noise).mean().item()
    assert mean == pytest.approx(position.grad.item(), rel=1e-9, abs=1e-12)
    assert (mean == pytest.approx(0, abs=1e-12)) == (x == prior.mean)  # the minimum is the mean


def test_p04_the_noise_is_a_control_variate():
    """For a distribution of a single picture, the direction at this picture is zero for any noise (sticking the landing)."""
    prior, noise = Gaussian(mean=0.3, spread=0.0), torch.randn(64, 1, 1, 1, generator=generator(), dtype=torch.float64)
    at_mean = prior.direction(torch.tensor(0.3, dtype=torch.float64), 400, noise)
    elsewhere = prior.direction(torch.tensor(0.8, dtype=torch.float64), 400, noise)
    assert at_mean.abs().max() < 1e-12
    assert elsewhere.std() < 1e-12 < elsewhere.mean()


def test_p05_the_gradient_of_the_loss_is_the_direction():
    x = torch.rand(2, 3, 4, 4, generator=generator(), requires_grad=True)
    direction = torch.randn(x.shape, generator=generator(1))
    as_loss(x, direction).backward()
    assert torch.allclose(x.grad, direction / 2, atol=1e-6)


def test_p06_no_gradient_flows_through_the_prior():
    prior, gradient, _, _ = one_gradient()
    assert not gradient.requires_grad
    assert prior.weight.grad is None
    run = small()
    run.advance()
    assert run.prior.weight.grad is None
    assert not any(z.requires_grad for z, _ in run.prior.seen)


def test_p07_four_views_per_step():
    assert PAPER.optimizer.views == 4
    run = small()
    run.advance()
    assert sum(len(t) for _, t in run.prior.seen) == 2 * 4  # with and without the prompt
