"""Objectives of distillation: which gradient a frozen model gives at a rendered view.

With eps_c, eps_u, and eps_n for the predictions with the prompt, with the empty text, and with the negative prompt, all at z_t,
and the guided prediction eps_hat = eps_u + s (eps_c - eps_u), the gradient is w(t) times

    sds    eps_hat - eps                              DreamFusion (Poole et al. 2022, equation 3)
    csd    s (eps_c - eps_u)                          classifier score distillation (Yu et al. 2023, equation 8)
    nfsd   d + s (eps_c - eps_u)                      noise-free score distillation (Katzir et al. 2023, equation 6):
                                                      d = eps_u at low noise, eps_u - eps_n above
    sdi    eps_hat - kappa                            score distillation via inversion (Lukoianov et al. 2024, section 4):
                                                      z_t and its noise kappa come from a DDIM inversion of the view

A negative prompt takes the place of the empty text, except in `nfsd`.

All of them also apply to flow matching. There z_s = (1 - s) x + s eps, and the residual of `sds` is that of the velocity,
w'(s) (u_hat - (eps - x)) (as in rectified flow distillation). Each velocity implies a noise for the same z_s,

    eps_hat = z_s + (1 - s) u_hat,    eps = z_s + (1 - s) (eps - x),

so eps_hat - eps = (1 - s) (u_hat - (eps - x)): the same direction, with w'(s) = (1 - s) w(t). `NoiseSchedule` scales z_s to
z_t; w(t) = sigma_t^2 is then s^2 / ((1 - s)^2 + s^2). Guidance is linear and therefore the same in both.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..config.settings import ObjectiveKind, Weighting
from .base import Conditioning, Prior
from .sds import Noising, guided_noise

LOW_NOISE = 0.2  # of the timesteps: below, `nfsd` takes eps_u for the direction to the model's pictures


@dataclass(frozen=True)
class Objective:
    """An objective and its values in one step.

    guidance_scale: s. rescale: see `guided_noise`. inversion_steps, inversion_scale: of the DDIM inversion in `sdi`.
    bound: limit of the absolute values of the gradient, or 0 (Hong et al. 2023, section 4.1, where it rises with the steps).
    """

    kind: ObjectiveKind = "sds"
    guidance_scale: float = 10.0
    rescale: float = 0.0
    weighting: Weighting = "sigma_squared"
    inversion_steps: int = 3
    inversion_scale: float = -7.5
    bound: float = 0.0


@dataclass(frozen=True)
class Texts:
    """The texts of B views.

    empty: the empty text, or the negative prompt in its place. negative: the negative prompt in `nfsd`, None without one.
    others: texts of other views with weights [B], see `avoiding`.
    """

    prompt: Conditioning
    empty: Conditioning
    negative: Conditioning | None = None
    others: tuple[tuple[Conditioning, Tensor], ...] = ()


def predictions(prior: Prior, z_t: Tensor, t: Tensor, texts: list[Conditioning]) -> list[Tensor]:
    """Predicts the noise of z_t [B, C, h, w] at t [B] once for each text, in one batch."""
    count = len(texts)
    return list(prior.predict_noise(z_t.repeat(count, 1, 1, 1), t.repeat(count), Conditioning.join(texts)).chunk(count))


def avoiding(direction: Tensor, others: list[tuple[Tensor, Tensor]]) -> Tensor:
    """Adds to the direction of guidance [B, ...] what leads away from other views (Perp-Neg, Armandpour et al. 2023, equation 8).

    Of each other direction, only the part that is perpendicular to `direction` counts, so that what both views share remains.

    Args:
        others: direction [B, ...] and weight [B] of each other view.
    """
    axes = tuple(range(1, direction.dim()))
    square = direction.square().sum(axes, keepdim=True).clamp_min(1e-12)
    result = direction
    for other, weight in others:
        along = (other * direction).sum(axes, keepdim=True) / square
        result = result - weight.view(-1, *(1 for _ in axes)) * (other - along * direction)
    return result


@torch.no_grad()
def invert(prior: Prior, x: Tensor, t: Tensor, texts: Texts, steps: int, guidance_scale: float) -> Tensor:
    """x [B, C, h, w] without noise -> z_t at t [B], by a DDIM inversion (Song et al. 2020, section 4.3) in equal steps.

    A negative scale makes the inverse of sampling with guidance: sampling from the result with the opposite scale returns
    closer to x than with the scale 0.
    """
    z, at = x, torch.zeros_like(t)
    a = prior.alphas_cumprod
    # x has no noise, and the model's first timestep has almost none.
    now = torch.ones_like(a[at]).view(-1, 1, 1, 1)
    for step in range(1, steps + 1):
        if guidance_scale == 0:
            (noise,) = predictions(prior, z, at, [texts.empty])
        else:
            cond, uncond = predictions(prior, z, at, [texts.prompt, texts.empty])
            noise = guided_noise(cond, uncond, guidance_scale)
        clean = (z - (1 - now).sqrt() * noise) / now.sqrt()
        at = (t * step) // steps
        now = a[at].view(-1, 1, 1, 1)
        z = now.sqrt() * clean + (1 - now).sqrt() * noise
    return z


@torch.no_grad()
def distillation_gradient(prior: Prior, x: Tensor, texts: Texts, noising: Noising, objective: Objective) -> Tensor:
    """The gradient of the objective at x [B, C, h, w]. No gradient flows through the prior. w(t) is sigma_t^2, or 1."""
    o, t = objective, noising.t
    a = prior.alphas_cumprod[t].view(-1, 1, 1, 1)
    alpha, sigma = a.sqrt(), (1 - a).sqrt()
    if o.kind == "sdi":
        z_t = invert(prior, x, t, texts, o.inversion_steps, o.inversion_scale)
        noise = (z_t - alpha * x) / sigma
    else:
        noise = noising.noise
        z_t = alpha * x + sigma * noise
    residual = _guided(prior, z_t, t, texts, o)
    if o.kind in ("sds", "sdi"):
        residual = residual - noise
    if o.weighting == "sigma_squared":
        residual = residual * sigma.square()
    return residual.clamp(-o.bound, o.bound) if o.bound else residual


def _guided(prior: Prior, z_t: Tensor, t: Tensor, texts: Texts, o: Objective) -> Tensor:
    """The objective's sum of predictions, without the term of the noise."""
    if o.kind in ("sds", "sdi") and o.guidance_scale == 1 and not texts.others:  # the other texts have no effect
        return predictions(prior, z_t, t, [texts.prompt])[0]
    listed = [texts.prompt, texts.empty, *(text for text, _ in texts.others)]
    if o.kind == "nfsd" and texts.negative is not None:
        listed.append(texts.negative)
    cond, uncond, *rest = predictions(prior, z_t, t, listed)
    if texts.others:
        weighted = [(other - uncond, weight) for other, (_, weight) in zip(rest, texts.others, strict=False)]
        cond = uncond + avoiding(cond - uncond, weighted)
    if o.kind in ("sds", "sdi"):
        return guided_noise(cond, uncond, o.guidance_scale, o.rescale)
    direction = o.guidance_scale * (cond - uncond)
    if o.kind == "csd":
        return direction
    negative = uncond if texts.negative is None else rest[-1]
    is_low = (t < LOW_NOISE * len(prior.alphas_cumprod)).view(-1, 1, 1, 1)
    return torch.where(is_low, uncond, uncond - negative) + direction
