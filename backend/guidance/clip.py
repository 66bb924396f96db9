"""Image-text models with CLIP's architecture (Radford et al. 2021): the project's judge, or any CLIP model of transformers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import interpolate, normalize

from ..errors import JobError, UserError
from ..jobs.reading import read_object
from .loading import check_hears, load_network, load_tokenizer, reading

JUDGE = Path(__file__).parents[1] / "lab" / "judge" / "weights"
BATCH = 64  # pictures or texts
# Normalization of OpenAI's models, for checkpoints without a preprocessor configuration.
_MEAN, _STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


def is_clip(folder: Path) -> bool:
    """Whether the folder holds a CLIP model of transformers."""
    try:
        return read_object(folder / "config.json", of_model=True).get("model_type") == "clip"
    except (OSError, JobError):
        return False


class Clip:
    """Embeds pictures and texts as unit vectors of one space. `scale` is the model's factor for cosines (1 / temperature)."""

    def __init__(
        self, model: Any, tokenizer: Any, mean: tuple[float, ...] = _MEAN, std: tuple[float, ...] = _STD, name: str = ""
    ) -> None:
        self.model, self.tokenizer, self.name = model, tokenizer, name
        self.device = next(model.parameters()).device
        self.image_px = int(model.config.vision_config.image_size)
        self.scale = float(model.logit_scale.detach().exp())
        self._max_tokens = int(model.config.text_config.max_position_embeddings)
        self._mean, self._std = (torch.tensor(v, device=self.device).view(1, 3, 1, 1) for v in (mean, std))

    @classmethod
    def load(cls, name_or_folder: str = "judge", device: torch.device | None = None) -> Clip:
        """Loads the project's judge, a folder with a CLIPModel, or a Hugging Face model such as "openai/clip-vit-large-patch14".

        Raises:
            UserError: the model does not exist or cannot be read. Only safetensors are supported.
        """
        from transformers import AutoTokenizer, CLIPModel
        from transformers.utils import cached_file

        source = str(JUDGE) if name_or_folder == "judge" else name_or_folder
        if name_or_folder == "judge" and not (JUDGE / "config.json").is_file():
            raise UserError(
                f"The judge in {JUDGE} is missing. Train it with 'train-judge', or choose another model.", "judge"
            )
        remedy = (
            "Use 'judge', a folder with a CLIP model as safetensors, or the name of a model on Hugging Face (needs a network "
            "connection)."
        )
        with reading(f"The image-text model '{name_or_folder}'", remedy, "judge"):
            model = load_network(CLIPModel, source, local_files_only=False)
            tokenizer = load_tokenizer(AutoTokenizer, source, local_files_only=False)
            check_hears(tokenizer, model.text_model, source)
            found = cached_file(source, "preprocessor_config.json", _raise_exceptions_for_missing_entries=False)
            facts = read_object(Path(found), of_model=True) if found else {}
        model.to(device or torch.device("cpu"))
        mean, std = tuple(facts.get("image_mean", _MEAN)), tuple(facts.get("image_std", _STD))
        return cls(model, tokenizer, mean, std, name_or_folder)

    def pixels(self, images: Tensor) -> Tensor:
        """Square pictures, sRGB [B, H, H, 3] in [0, 1] -> the model's input [B, 3, image_px, image_px]."""
        x = images.to(self.device).permute(0, 3, 1, 2).float()
        if x.shape[-1] != self.image_px:
            x = interpolate(x, (self.image_px, self.image_px), mode="bicubic", antialias=True).clamp(0, 1)
        return (x - self._mean) / self._std

    def image_vectors(self, images: Tensor) -> Tensor:
        """sRGB [B, H, H, 3] in [0, 1] -> unit vectors [B, D]. Differentiable."""
        return normalize(self.model.get_image_features(pixel_values=self.pixels(images)).pooler_output.float(), dim=-1)

    @torch.no_grad()
    def embed_images(self, images: Tensor) -> Tensor:
        """As `image_vectors`, in batches, without a gradient; the result is on the CPU."""
        return torch.cat([self.image_vectors(part).cpu() for part in images.split(BATCH)])

    @torch.no_grad()
    def embed_texts(self, texts: list[str]) -> Tensor:
        """Texts [T] -> unit vectors [T, D] on the CPU. Texts beyond the model's maximum length are truncated."""
        embedded = []
        for start in range(0, len(texts), BATCH):
            tokens = self.tokenizer(
                texts[start : start + BATCH],
                padding=True,
                truncation=True,
                max_length=self._max_tokens,
                return_tensors="pt",
            ).to(self.device)
            features = self.model.get_text_features(input_ids=tokens.input_ids, attention_mask=tokens.attention_mask)
            embedded.append(features.pooler_output)
        return normalize(torch.cat(embedded).float(), dim=-1).cpu()
