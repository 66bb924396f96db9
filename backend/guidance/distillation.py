"""Score distillation as a guide: which texts the prior hears, at which timesteps it is asked (paper, section 3)."""

from __future__ import annotations

from torch import Tensor

from ..config.schedules import value
from ..config.settings import GuidanceSettings
from .base import Conditioning, Prior
from .judgment import Judgment, Look, Random
from .sds import Noising, as_loss, draw_timesteps, sds_gradient


class Distillation:
    """See `guides.Guide`. Every text is encoded once."""

    def __init__(self, prior: Prior, prompt: str, negative_prompt: str, settings: GuidanceSettings) -> None:
        self.prior, self.prompt, self.negative_prompt, self.settings = prior, prompt, negative_prompt, settings
        self._texts: dict[tuple[int, str], Conditioning] = {}

    def judge(self, image: Tensor, looks: list[Look], step: int, random: Random) -> Judgment:
        """`sizes` are mean squares of the distillation gradient."""
        s, prior = self.settings, self._asked(step)
        x = prior.encode(image)
        t_range = (value(s.t_low, step), value(s.t_high, step))
        t = draw_timesteps(random.uniform(), t_range, len(prior.alphas_cumprod))
        gradient = sds_gradient(
            prior,
            x.detach(),
            self._text(prior, [prior.view_text(self.prompt, look) if s.view_words else self.prompt for look in looks]),
            self._text(prior, [self.negative_prompt] * len(x)),
            Noising(t.to(x.device), random.normal(*x.shape[1:]).to(x.device)),
            value(s.guidance_scale, step),
            value(s.rescale, step),
            s.weighting,
        )
        # A sum over what is diffused: as many values as so many pixels of three channels.
        return Judgment(as_loss(x, gradient), gradient.square().flatten(1).mean(1), x[0].numel() / 3)

    def _asked(self, step: int) -> Prior:
        """The prior that this step asks."""
        coarse = getattr(self.prior, "coarse", None)
        return coarse if coarse is not None and step < self.settings.coarse_steps else self.prior

    def _text(self, prior: Prior, texts: list[str]) -> Conditioning:
        keys = [(prior.image_px, text) for text in texts]
        for key in keys:
            if key not in self._texts:
                self._texts[key] = prior.encode_text([key[1]])
        return Conditioning.join([self._texts[key] for key in keys])
