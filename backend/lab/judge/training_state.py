"""The state of the judge's training: weights, their moving average, optimizers, and checkpoints."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import CLIPModel, PreTrainedTokenizerFast

from ...jobs.files import write_atomic
from ..prior.model import keep_known_words
from .model import build_judge, judge_tokenizer
from .settings import JudgeSettings

_WORDS = "text_model.embeddings.token_embedding.weight"
_MOMENTS = ("exp_avg", "exp_avg_sq", "momentum_buffer")


class TrainingState:
    """`step` and `spent_s` (CPU time) are totals over all runs."""

    def __init__(self, settings: JudgeSettings) -> None:
        self.settings = settings
        torch.manual_seed(settings.seed)
        self.tokenizer = judge_tokenizer()
        self.model: CLIPModel = build_judge(self.tokenizer).to(torch.device(settings.device)).train()
        if settings.start_from:
            self._warm_start(settings.start_from)
        self.names = [name for name, _ in self.model.named_parameters()]
        self.parameters = list(self.model.parameters())
        self.average = [parameter.detach().clone() for parameter in self.parameters]
        # Muon optimizes the matrices inside the encoders; it needs about half as many pictures as Adam alone. Adam
        # optimizes the other parameters, for which Muon is not suited: embeddings, projections into the shared space,
        # scales, biases.
        inner = [p for name, p in self.model.named_parameters() if ".encoder." in name and p.ndim == 2]
        outer = [p for name, p in self.model.named_parameters() if not (".encoder." in name and p.ndim == 2)]
        decay = settings.weight_decay
        self.optimizers: list[torch.optim.Optimizer] = [
            torch.optim.Muon(inner, weight_decay=decay, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(outer, betas=(0.9, 0.98), weight_decay=0.0, foreach=True),
        ]
        self.step, self.spent_s = 0, 0.0

    def _warm_start(self, folder: Path) -> None:
        """Loads the weights of a judge. Its vocabulary may differ."""
        earlier = load_file(folder / "model.safetensors")
        words = PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True).get_vocab()
        table = self.model.state_dict()[_WORDS]
        earlier[_WORDS] = keep_known_words(table, earlier[_WORDS], self.tokenizer.get_vocab(), words)
        self.model.load_state_dict(earlier)

    def update(self, loss: Tensor, learning_rate: float) -> None:
        """Takes one optimization step and updates the moving average."""
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0, foreach=True)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        decay = min(self.settings.ema, (1 + self.step) / (10 + self.step))  # lower in the first steps
        with torch.no_grad():
            self.model.logit_scale.clamp_(max=4.6052)  # ln 100, as in CLIP, for stability
            torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], 1 - decay)
        self.step += 1

    def averaged(self) -> CLIPModel:
        """Returns the judge with the moving average of the weights, float32, on the CPU."""
        import copy

        judge = copy.deepcopy(self.model).cpu().eval()
        with torch.no_grad():
            for parameter, value in zip(judge.parameters(), self.average, strict=True):
                parameter.copy_(value)
        return judge.requires_grad_(False)

    def save(self, folder: Path) -> None:
        """Writes `checkpoint.safetensors`, then `checkpoint.json`, each atomically."""
        tensors: dict[str, Tensor] = {}
        for name, live, average in zip(self.names, self.parameters, self.average, strict=True):
            tensors |= {f"live.{name}": live.detach(), f"ema.{name}": average}
            for optimizer in self.optimizers:
                moments = optimizer.state.get(live, {})
                tensors |= {f"{key}.{name}": moments[key] for key in _MOMENTS if key in moments}
        temporary = folder / ".checkpoint.tmp"
        save_file({name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, temporary)
        temporary.replace(folder / "checkpoint.safetensors")
        write_atomic(folder / "checkpoint.json", json.dumps({"step": self.step, "spent_s": round(self.spent_s, 1)}))

    @torch.no_grad()
    def restore(self, folder: Path) -> bool:
        """Restores a checkpoint. Returns False if none exists."""
        try:
            facts = json.loads((folder / "checkpoint.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return False
        tensors = load_file(folder / "checkpoint.safetensors", device=self.settings.device)
        self.step, self.spent_s = int(facts["step"]), float(facts["spent_s"])
        for name, live, average in zip(self.names, self.parameters, self.average, strict=True):
            live.copy_(tensors[f"live.{name}"])
            average.copy_(tensors[f"ema.{name}"])
            moments = {key: tensors[f"{key}.{name}"] for key in _MOMENTS if f"{key}.{name}" in tensors}
            for optimizer in self.optimizers:
                if moments and any(live is p for group in optimizer.param_groups for p in group["params"]):
                    optimizer.state[live] = {"step": torch.tensor(float(self.step)), **moments}
        return True
