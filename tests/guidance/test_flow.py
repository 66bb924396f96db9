"""Flow matching with a velocity in closed form: Gaussian pictures."""

import pytest
import torch

from backend.guidance.base import Conditioning
from backend.guidance.noise_schedule import flow_schedule
from backend.guidance.objectives import Objective, Texts, distillation_gradient
from backend.guidance.sds import Noising, as_loss, draw_noising
from backend.lab.evaluate.sampling import draw_samples

MEANS, SPREAD = {"dark": -0.5, "light": 0.4, "": 0.0}, 0.1


class GaussianFlow:
    """x ~ N(mean, SPREAD^2), where the text selects the mean; the network predicts E[noise - x | z_s]."""

    name, image_px = "flow", 8
    schedule = flow_schedule(torch.arange(1, 1001) / 1000)
    alphas_cumprod = schedule.alphas_cumprod

    def encode_text(self, texts: list[str], views: object = None) -> Conditioning:
        return Conditioning(torch.tensor([[MEANS[text]] for text in texts]), None)

    def encode(self, image: torch.Tensor) -> torch.Tensor:
        return image * 2 - 1

    def velocity(self, z_s: torch.Tensor, s: torch.Tensor, text: Conditioning) -> torch.Tensor:
        s, mean = s.view(-1, 1, 1, 1), text.hidden.view(-1, 1, 1, 1)
        difference = (z_s - (1 - s) * mean) / ((1 - s) ** 2 * SPREAD**2 + s**2)
        return s * difference - (mean + (1 - s) * SPREAD**2 * difference)

    def predict_noise(self, z_t: torch.Tensor, t: torch.Tensor, text: Conditioning) -> torch.Tensor:
        velocity = self.velocity(self.schedule.network_input(z_t, t), self.schedule.timesteps[t] / 1000, text)
        return self.schedule.noise(velocity, z_t, t)


def test_samples_follow_the_distribution_of_the_velocity() -> None:
    texts = ["dark"] * 24 + ["light"] * 24
    pictures = draw_samples(GaussianFlow(), texts, list(range(48)), guidance_scale=1.0, steps=50)
    for part, mean in ((pictures[:24], -0.5), (pictures[24:], 0.4)):
        assert float(part.mean()) == pytest.approx(0.5 + mean / 2, abs=0.01)
        assert float(part.std()) == pytest.approx(SPREAD / 2, abs=0.01)


def test_distillation_converges_to_the_mode() -> None:
    prior, generator = GaussianFlow(), torch.Generator().manual_seed(1)
    x = torch.full((16, 1, 4, 4), -2.0, requires_grad=True)
    text, empty = prior.encode_text(["light"] * 16), prior.encode_text([""] * 16)
    adam = torch.optim.Adam([x], lr=0.05)
    for step in range(400):
        noising = draw_noising(x, (0.02, 0.98), len(prior.schedule), generator)
        objective = Objective(guidance_scale=1.0)
        loss = as_loss(x, distillation_gradient(prior, x.detach(), Texts(text, empty), noising, objective))
        adam.param_groups[0]["lr"] = 0.05 * (1 - step / 400)
        adam.zero_grad()
        loss.backward()
        adam.step()
    assert x.mean().item() == pytest.approx(MEANS["light"], abs=0.03)
    assert x.std().item() < SPREAD  # mode seeking


@pytest.mark.parametrize("t", [99, 499, 899])
def test_the_gradient_is_the_scaled_residual_of_the_velocity(t: int) -> None:
    """(1 - s) (u_hat - (noise - x)), with guidance in u_hat, computed without `NoiseSchedule`."""
    prior, generator = GaussianFlow(), torch.Generator().manual_seed(2)
    x, noise = torch.randn(2, 3, 3, 4, 4, generator=generator)
    text, empty = prior.encode_text(["light"] * 3), prior.encode_text([""] * 3)
    noising, objective = Noising(torch.full((3,), t), noise), Objective(guidance_scale=7.5, weighting="uniform")
    found = distillation_gradient(prior, x, Texts(text, empty), noising, objective)
    s = torch.full((3,), (t + 1) / 1000)
    share = s.view(-1, 1, 1, 1)
    z_s = (1 - share) * x + share * noise
    cond, uncond = prior.velocity(z_s, s, text), prior.velocity(z_s, s, empty)
    residual = uncond + 7.5 * (cond - uncond) - (noise - x)
    torch.testing.assert_close(found, (1 - share) * residual, atol=1e-3, rtol=1e-3)
