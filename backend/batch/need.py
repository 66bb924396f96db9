"""What a worker needs from its machine while it runs the jobs of a batch: cores, memory, and a share of a GPU."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..config.settings import Settings

GIB = 1 << 30
WORKER_BYTES = 3 * GIB  # of main memory: the peak of a worker with the built-in model


@dataclass(frozen=True)
class Need:
    """The resources of one worker.

    Args:
        gpus: a whole number, or a share below 1 if several workers use one GPU.
        memory: bytes of main memory.
    """

    cpus: float = 1.0
    gpus: float = 0.0
    memory: int = WORKER_BYTES

    def options(self) -> dict[str, Any]:
        """As options of an actor of Ray."""
        return {"num_cpus": self.cpus, "num_gpus": self.gpus, "memory": self.memory}

    def resources(self) -> dict[str, float]:
        """The resources that are not 0, by Ray's names."""
        named = {"CPU": self.cpus, "GPU": self.gpus, "memory": float(self.memory)}
        return {name: amount for name, amount in named.items() if amount}

    @property
    def words(self) -> str:
        gpu = f", {self.gpus:g} GPU" if self.gpus else ""
        return f"{self.cpus:g} CPU{gpu}, {self.memory / GIB:.1f} GiB of memory"


@dataclass(frozen=True)
class ModelNeed:
    """Bytes that a large model adds, as `models fit` estimates them. `gpu_total` is the size of the GPU, 0 without one."""

    main: int = 0
    gpu: int = 0
    gpu_total: int = 0

    @property
    def workers_per_gpu(self) -> int:
        """At least 1: a job that does not fit reduces its settings itself."""
        return max(1, self.gpu_total // self.gpu) if self.gpu else 1


def model_need(prior: str, settings: Settings, device_name: str) -> ModelNeed:
    """Estimates what a job needs for its model on this machine.

    Raises:
        UserError: the model or the device is not available.
    """
    from ..devices import resolve_device
    from ..guidance.clip import is_clip
    from ..guidance.fit import estimate, free_bytes, suited
    from ..guidance.loader import is_small, prior_folder
    from ..guidance.report import open_for

    if prior == "judge" or is_clip(Path(os.path.expanduser(prior))) or is_small(prior_folder(prior)):
        return ModelNeed()
    device, folder = resolve_device(device_name), prior_folder(prior)
    settings = suited(settings, open_for(folder, device, settings))
    need = estimate(open_for(folder, device, settings), settings)
    peak = max(need.texts, need.optimizing)
    if device.type != "cuda":
        return ModelNeed(main=peak)
    # Weights pass through main memory, where they stay if they are offloaded.
    return ModelNeed(main=need.pictures, gpu=peak, gpu_total=free_bytes(device))
