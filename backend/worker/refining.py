"""The refinement as a stage: between the bake and the file, with steps, previews and checkpoints of its own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..asset.topology import Mesh
from ..asset.unwrap import Unwrapped
from ..optimize import checkpoint
from ..refine.loop import Baked, Refinement
from .failures import is_out_of_memory
from .steps import Photographer, Saver, run_steps

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..optimize.loop import Optimization
    from .running import RunningJob

CHECKPOINTS = "checkpoints/refine"


class Refiner:
    """What `asset.build.build_asset` calls. `refinement` is there once it is done, for whoever wants pictures of it.

    A finished object is worth more than its refinement: where that diverges or finds no memory, the object stays as it
    was, and the person is told.
    """

    def __init__(self, job: RunningJob, settings: Settings, run: Optimization) -> None:
        self._job, self._settings, self._run = job, settings, run
        self.refinement: Refinement | None = None

    def __call__(
        self, mesh: Mesh, unwrapped: Unwrapped, pixels: NDArray[np.uint8]
    ) -> tuple[Mesh, NDArray[np.uint8], dict[str, Any]]:
        job = self._job
        job.enter("refining")
        job.timeline.begin_refining()
        baked, reason = Baked(mesh, unwrapped, pixels), ""
        try:
            if refinement := self._refine(baked):
                self.refinement = refinement
                return (*refinement.result(), refinement.facts())
            reason = "diverged"
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            reason = "found too little memory"
        finally:
            job.timeline.end_refining()
        job.tell("warning", message=f"The refinement {reason}: the object is left as it was before.")
        return mesh, pixels, {"steps": 0}

    def _refine(self, baked: Baked) -> Refinement | None:
        """None when it diverged."""
        job, output = self._job, self._settings.output
        refinement = self._begin(baked)
        if found := checkpoint.load_latest(job.folder / CHECKPOINTS):
            _, tensors, meta = found
            try:
                refinement.restore(tensors, meta["run"])
                job.timeline.add(max(0.0, float(meta["elapsed_s"]) - job.timeline.elapsed_s))
            except (KeyError, RuntimeError, TypeError, ValueError):  # of another mesh, or of another version
                refinement = self._begin(baked)
        saver = Saver(job, refinement, CHECKPOINTS)
        photographer = Photographer(job, refinement, output.preview_px, "refined-")
        ended = run_steps(job, refinement, output, saver, photographer, refinement.advance, job.timeline.refining_eta_s)
        return refinement if ended else None

    def _begin(self, baked: Baked) -> Refinement:
        job, run = self._job, self._run
        return Refinement(
            baked, run.prompt, run.negative_prompt, job.request.seed, self._settings, run.prior, job.device
        )


def forget(job: RunningJob) -> None:
    """The asset is written: nobody goes on with its refinement any more."""
    shutil.rmtree(job.folder / CHECKPOINTS, ignore_errors=True)
