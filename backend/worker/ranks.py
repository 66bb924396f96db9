"""Data parallelism over views. The worker is rank 0; the other ranks render their share of each step's views.

The paper does the same on the four chips of a TPU."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..devices import is_distributed
from ..optimize import parallel

if TYPE_CHECKING:
    from torch import Tensor

    from ..config.settings import Settings
    from ..fields.voxel_grid import VoxelGrid
    from ..jobs.request import JobRequest
    from ..optimize.loop import Optimization
    from ..optimize.reference import Reference
    from ..paint.surface import Surface


@dataclass(frozen=True)
class RankState:
    """What another rank needs to reproduce the worker's run."""

    request: JobRequest
    settings: Settings
    tensors: dict[str, Tensor]
    facts: dict[str, Any]
    surface: Surface | None  # what is painted
    grid: VoxelGrid | None  # what the run began with, unless it is the empty field of the settings
    reference: Reference | None


@contextmanager
def replicated(request: JobRequest, settings: Settings, run: Optimization) -> Iterator[None]:
    """Replicates the run on the other ranks, if any, which then take part in each `advance` inside the block."""
    if is_distributed():
        from ..optimize.grid_scene import GridScene
        from ..paint.scene import PaintedScene

        is_given = request.mode in ("start", "change")
        tensors, facts = run.state()
        # The run's prompts include the preset's prefix and negative prompt.
        request = replace(request, prompt=run.prompt, negative_prompt=run.negative_prompt)
        parallel.broadcast(
            RankState(
                request,
                settings,
                {name: tensor.cpu() for name, tensor in tensors.items()},
                facts,
                run.scene.surface if isinstance(run.scene, PaintedScene) else None,
                deepcopy(run.scene.field).cpu() if is_given and isinstance(run.scene, GridScene) else None,
                run.reference,
            )
        )
    try:
        yield
    finally:
        parallel.broadcast(False)


def advance(run: Optimization) -> float:
    """Runs one step on all ranks. See `Optimization.advance`."""
    parallel.broadcast(True)
    try:
        return run.advance()
    except BaseException:
        parallel.leave()  # the ranks are no longer in step
        raise
