"""Guidance by score distillation (paper, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from ..config.schedules import value
from ..config.settings import GuidanceSettings
from .base import Conditioning, Prior
from .guide import GuidanceResult, RandomStreams
from .objectives import Objective, Texts, distillation_gradient
from .sds import Noising, as_loss, draw_timesteps
from .surface_noise import surface_noise
from .view_conditions import BACK, FRONT, ViewConditions


def avoided_texts(settings: GuidanceSettings, negative_prompt: str) -> list[str]:
    """Returns the texts that guidance leads away from: the negative prompt, and the empty text if the objective takes both."""
    return ["", negative_prompt] if settings.objective == "nfsd" and negative_prompt else [negative_prompt]


class Distillation:
    """Score distillation from a diffusion model, see `guide.Guide`. Each pair of text and rounded view is encoded once."""

    def __init__(self, prior: Prior, prompt: str, negative_prompt: str, settings: GuidanceSettings) -> None:
        self.prior, self.prompt, self.negative_prompt, self.settings = prior, prompt, negative_prompt, settings
        self._encoded: dict[tuple[int, str, ViewConditions | None], Conditioning] = {}

    def compute(
        self,
        image: Tensor,
        views: list[ViewConditions],
        step: int,
        random: RandomStreams,
        depth: Tensor | None = None,
        surface: Tensor | None = None,
    ) -> GuidanceResult:
        """`sizes` are mean squares of the distillation gradient."""
        s, prior = self.settings, self._prior_at(step)
        x = prior.encode(image)
        t_range = (value(s.t_low, step), value(s.t_high, step))
        t = draw_timesteps(random.uniform(), t_range, len(prior.alphas_cumprod))
        noise = random.normal(*x.shape[1:]).to(x.device)
        if surface is not None:
            noise = surface_noise(surface, noise, s.noise_seed)
        gradient = distillation_gradient(
            prior,
            x.detach(),
            self._texts(prior, views, value(s.perp_neg, step), depth),
            Noising(t.to(x.device), noise),
            Objective(
                s.objective,
                value(s.guidance_scale, step),
                value(s.rescale, step),
                s.weighting,
                s.inversion_steps,
                s.inversion_scale,
                value(s.clip, step),
            ),
        )
        # The loss sums over the diffused variable: count its values in pixels of three channels.
        return GuidanceResult(as_loss(x, gradient), gradient.square().flatten(1).mean(1), x[0].numel() / 3)

    def _prior_at(self, step: int) -> Prior:
        coarse = getattr(self.prior, "coarse", None)
        return coarse if coarse is not None and step < self.settings.coarse_steps else self.prior

    def _texts(self, prior: Prior, views: list[ViewConditions], perp_neg: float, depth: Tensor | None) -> Texts:
        def same(text: str) -> Conditioning:
            return replace(self._encode(prior, [(text, None)] * len(views)), depth=depth)

        def of_views(seen: list[ViewConditions]) -> Conditioning:
            return replace(self._encode_views(prior, seen), depth=depth)

        others: tuple[tuple[Conditioning, Tensor], ...] = ()
        if perp_neg and self.settings.view_words:
            others = tuple(
                (
                    of_views([view.seen_from(azimuth) for view in views]),
                    torch.tensor([perp_neg * view.away_from(azimuth) for view in views]),
                )
                for azimuth in (FRONT, BACK)
            )
        prompt = of_views(views)
        empty, *rest = (same(text) for text in avoided_texts(self.settings, self.negative_prompt))
        return Texts(prompt, empty, rest[0] if rest else None, others)

    def _encode_views(self, prior: Prior, views: list[ViewConditions]) -> Conditioning:
        if not self.settings.view_words:
            return self._encode(prior, [(self.prompt, None)] * len(views))
        texts = [prior.view_text(self.prompt, view) for view in views]
        inputs = [view.rounded() if prior.has_view_inputs else None for view in views]
        return self._encode(prior, list(zip(texts, inputs, strict=True)))

    def _encode(self, prior: Prior, captions: Sequence[tuple[str, ViewConditions | None]]) -> Conditioning:
        keys = [(prior.image_px, text, view) for text, view in captions]
        for key in keys:
            if key not in self._encoded:
                _, text, view = key
                self._encoded[key] = prior.encode_text([text], [view])
        return Conditioning.join([self._encoded[key] for key in keys])
