"""The refinement of the baked mesh, with its own steps, previews and checkpoints."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..asset.topology import Mesh
from ..asset.unwrap import Unwrapped
from ..jobs.reading import own_path
from ..jobs.shortages import is_out_of_memory
from ..optimize import checkpoint
from ..refine.loop import Baked, Refinement
from .recovery import seed_of
from .steps import CheckpointWriter, PreviewWriter, run_steps

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..optimize.loop import Optimization
    from .running import RunningJob

CHECKPOINTS = "checkpoints/refine"


class Refiner:
    """Refines the mesh and texture for `asset.build.build_asset`. Afterwards `refinement` renders the result.

    If the refinement diverges or memory runs out, the object is left unchanged, with a warning.
    """

    def __init__(self, job: RunningJob, settings: Settings, run: Optimization) -> None:
        self._job, self._settings, self._run = job, settings, run
        self.refinement: Refinement | None = None

    def __call__(
        self, mesh: Mesh, unwrapped: Unwrapped, pixels: NDArray[np.uint8]
    ) -> tuple[Mesh, NDArray[np.uint8], dict[str, Any]]:
        job = self._job
        job.enter_phase("refining")
        job.timeline.begin_refining()
        try:
            if refinement := self._refine(Baked(mesh, unwrapped, pixels)):
                self.refinement = refinement
                return (*refinement.result(), refinement.facts())
            reason = "diverged"
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            reason = "ran out of memory"
        finally:
            job.timeline.end_refining()
        job.emit("warning", message=f"The refinement {reason}. The object is left unrefined.")
        return mesh, pixels, {"steps": 0}

    def _refine(self, baked: Baked) -> Refinement | None:
        """Returns None if the refinement diverged."""
        job, output = self._job, self._settings.output
        refinement = self._create(baked)
        for _, tensors, meta in checkpoint.load_newest_first(job.folder / CHECKPOINTS):
            try:
                refinement.restore(tensors, meta["run"])
                if refinement.is_finite():
                    job.timeline.add_elapsed(max(0.0, float(meta["elapsed_s"]) - job.timeline.elapsed_s))
                    break
            except (KeyError, RuntimeError, TypeError, ValueError):  # from another mesh or another version
                pass
            refinement = self._create(baked)
        checkpoints = CheckpointWriter(job, refinement, CHECKPOINTS)
        previews = PreviewWriter(job, refinement, output.preview_px, "refined-")
        is_finite = run_steps(
            job, refinement, output, checkpoints, previews, refinement.advance, job.timeline.refining_eta_s
        )
        return refinement if is_finite else None

    def _create(self, baked: Baked) -> Refinement:
        job, run = self._job, self._run
        return Refinement(
            baked, run.prompt, run.negative_prompt, seed_of(job), self._settings, run.prior, job.device, run.reference
        )


def delete_checkpoints(job: RunningJob) -> None:
    """Deletes the refinement's checkpoints, once the asset is written."""
    shutil.rmtree(own_path(job.folder, CHECKPOINTS), ignore_errors=True)
