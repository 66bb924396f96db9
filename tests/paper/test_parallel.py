"""One run in two or four processes started by torchrun."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests import torchrun

from .common import are_close, gradients, small

SCRIPT = """
import sys
import torch
torch.set_num_threads(1)
from safetensors.torch import save_file
from backend.optimize import parallel
from tests.paper.common import gradients, small

rank = parallel.init(torch.device("cpu"))
run = small()
save_file(gradients(run), f"{sys.argv[1]}/gradient-{rank}.safetensors")
sizes = [run.advance() for _ in range(2)]
save_file({n: p.detach().clone() for n, p in run.scene.modules.named_parameters()}, f"{sys.argv[1]}/{rank}.safetensors")
print(rank, sizes)
parallel.shutdown()
"""


@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_several_processes_take_the_same_steps_as_one(count: int, tmp_path: Path, repo: Path) -> None:
    """They share the four views of a step."""
    (tmp_path / "script.py").write_text(SCRIPT)
    done = torchrun.run([str(tmp_path / "script.py"), str(tmp_path)], repo, count)
    assert done.returncode == 0, done.stderr
    alone = small()
    own = gradients(alone)
    for rank in range(count):
        assert are_close(own, load_file(tmp_path / f"gradient-{rank}.safetensors"))
    for _ in range(2):
        alone.advance()
    first, *others = (load_file(tmp_path / f"{rank}.safetensors") for rank in range(count))
    for name, parameter in alone.scene.modules.named_parameters():
        assert all(torch.equal(first[name], other[name]) for other in others), name
        assert torch.allclose(parameter, first[name], atol=1e-4), name
