"""Stable Diffusion 3 in small: a transformer that predicts the flow's velocity from latents and two texts."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss, pad

from .autoencoder import moved
from .parts import JOINT_WIDTH, SECOND_WIDTH, SHIFT, build_flow, build_text_encoder, build_transformer
from .words import build_tokenizer

# Where the third text encoder is left out, diffusers' pipeline puts so many tokens of zeros in its place.
NOTHING_TOKENS = 256
_MOVED = 3.0  # of the latents


class FlowModel(nn.Module):
    """The transformer computes in bfloat16, the text encoders in float32."""

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.tokenizer, self.tokenizer_2 = build_tokenizer(), build_tokenizer(pad_token="!")
        self.text_encoder = build_text_encoder(self.tokenizer, is_projected=True)
        self.text_encoder_2 = build_text_encoder(self.tokenizer_2, SECOND_WIDTH, is_projected=True)
        self.transformer = build_transformer()
        start_as_nothing(self.transformer)
        self.transformer.set_attn_processor(CountedAttention(NOTHING_TOKENS))
        self.transformer.to(dtype=torch.bfloat16)
        self._vae = [moved(vae, _MOVED)]  # in a list, so that it is not trained

    @torch.no_grad()
    def latents(self, pictures: Tensor) -> Tensor:
        (vae,) = self._vae
        found = vae.encode(pictures.to(vae.dtype)).latent_dist.mode().float()
        return (found - vae.config.shift_factor) * vae.config.scaling_factor

    def loss(self, x: Tensor, captions: list[str], generator: torch.Generator) -> Tensor:
        """x [B, C, h, w]: latents. z_s = (1 - s) x + s eps; the velocity is eps - x (Esser et al. 2024, section 2)."""
        s = torch.rand(len(x), 1, 1, 1, generator=generator)
        s = SHIFT * s / (1 + (SHIFT - 1) * s)  # as they are spread in sampling (section 5.3.2)
        noise = torch.randn(x.shape, generator=generator)
        hidden, pooled = self._read(captions)
        dtype = self.transformer.dtype
        found = self.transformer(
            hidden_states=((1 - s) * x + s * noise).to(dtype),
            timestep=1000 * s.flatten(),
            encoder_hidden_states=hidden.to(dtype),
            pooled_projections=pooled.to(dtype),
        ).sample.float()
        return mse_loss(found, noise - x)

    def _read(self, captions: list[str]) -> tuple[Tensor, Tensor]:
        """[B, L + 1, JOINT_WIDTH], of which the last token is nothing, and the pooled texts."""
        pairs = ((self.tokenizer, self.text_encoder), (self.tokenizer_2, self.text_encoder_2))
        hidden, pooled = [], []
        for tokenizer, encoder in pairs:
            tokens = tokenizer(captions, padding="max_length", truncation=True, return_tensors="pt")
            found = encoder(input_ids=tokens.input_ids, output_hidden_states=True)
            hidden.append(found.hidden_states[-2])
            pooled.append(found.text_embeds)
        both = torch.cat(hidden, -1)
        return pad(both, (0, JOINT_WIDTH - both.shape[-1], 0, 1)), torch.cat(pooled, -1)

    def pipeline(self) -> Any:
        from diffusers import StableDiffusion3Pipeline
        from diffusers.models.attention_processor import JointAttnProcessor2_0

        self.transformer.set_attn_processor(JointAttnProcessor2_0())
        return StableDiffusion3Pipeline(
            transformer=self.transformer,
            scheduler=build_flow(),
            vae=self._vae[0],
            text_encoder=self.text_encoder,
            tokenizer=self.tokenizer,
            text_encoder_2=self.text_encoder_2,
            tokenizer_2=self.tokenizer_2,
            text_encoder_3=None,
            tokenizer_3=None,
        )


@torch.no_grad()
def start_as_nothing(transformer: Any) -> None:
    """First weights with which every block passes on what it gets, and the output is zero (Peebles & Xie 2023, "adaLN-Zero"):
    such a transformer learns far sooner."""
    for name, module in transformer.named_modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
            if name.endswith(("norm1.linear", "norm1_context.linear", "norm_out.linear", "proj_out")):
                nn.init.zeros_(module.weight)


class CountedAttention:
    """diffusers' joint attention of pictures and texts, whose last token stands for `count` equal ones.

    Equal tokens stay equal in every layer, as nothing says where in the text they are. Whoever looks at n of them finds n
    times the weight, which is log(n) more before the softmax: 89 tokens do what 344 did, in a quarter of the time.
    """

    def __init__(self, count: int) -> None:
        self.more = math.log(count)

    def __call__(
        self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor, *_: Any, **__: Any
    ) -> tuple[Tensor, Tensor]:
        """Picture [B, N, D] and text [B, L, D] -> the same."""

        def heads(tokens: Tensor) -> Tensor:
            return tokens.unflatten(-1, (attn.heads, -1)).transpose(1, 2)

        both = ((attn.to_q, attn.add_q_proj), (attn.to_k, attn.add_k_proj), (attn.to_v, attn.add_v_proj))
        q, k, v = (heads(torch.cat((seen(hidden_states), told(encoder_hidden_states)), 1)) for seen, told in both)
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        scores = torch.cat((scores[..., :-1], scores[..., -1:] + self.more), -1)
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        picture, text = mixed.split((hidden_states.shape[1], encoder_hidden_states.shape[1]), 1)
        return attn.to_out[0](picture), text if attn.context_pre_only else attn.to_add_out(text)
