"""Several processes at one job, started by torchrun: the first is the worker, the others render their share of each step's views
as on the paper's four chips."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..devices import is_distributed
from ..optimize import parallel

if TYPE_CHECKING:
    from torch import Tensor

    from ..config.settings import Settings
    from ..jobs.request import JobRequest
    from ..optimize.loop import Optimization


@dataclass(frozen=True)
class RankState:
    """What a helper needs to stand where the worker stands."""

    request: JobRequest
    settings: Settings
    tensors: dict[str, Tensor]
    facts: dict[str, Any]


@contextmanager
def helped(request: JobRequest, settings: Settings, run: Optimization) -> Iterator[None]:
    """Inside of it the helpers, if there are any, stand where `run` stands and wait for `advance`."""
    if is_distributed():
        tensors, facts = run.state()
        # With a preset's prefix, and its negative prompt where the job has none.
        request = replace(request, prompt=run.prompt, negative_prompt=run.negative_prompt)
        parallel.tell(RankState(request, settings, {name: tensor.cpu() for name, tensor in tensors.items()}, facts))
    try:
        yield
    finally:
        parallel.tell(False)


def advance(run: Optimization) -> float:
    """One step of all together; see `Optimization.advance`."""
    parallel.tell(True)
    try:
        return run.advance()
    except BaseException:
        parallel.dissolve()  # nobody knows any more who waits for what
        raise
