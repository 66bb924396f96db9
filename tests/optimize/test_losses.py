"""Regularizers on worked examples."""

import pytest
import torch

from backend.optimize.losses import entropy_loss, opacity_loss, total_variation


def test_opacity_loss_is_the_papers():
    assert opacity_loss(torch.zeros(5)).item() == pytest.approx(0.1)
    assert opacity_loss(torch.ones(5)).item() == pytest.approx(1.01**0.5)


def test_entropy_is_one_bit_at_a_half_and_zero_at_the_ends():
    assert entropy_loss(torch.tensor([0.5])).item() == pytest.approx(1.0)
    assert entropy_loss(torch.tensor([0.0, 1.0])).item() < 0.002
    opacity = torch.tensor([0.0, 1.0], requires_grad=True)
    entropy_loss(opacity).backward()
    assert torch.isfinite(opacity.grad).all()


def test_total_variation_of_a_ramp():
    ramp = torch.arange(4.0).view(1, 1, 1, 1, 4).expand(1, 1, 4, 4, 4)
    assert total_variation(ramp).item() == pytest.approx(1.0)
