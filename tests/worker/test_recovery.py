"""Recovery from numerical failures. The failures are injected into real jobs."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from backend.guidance.builtin.prior import PixelPrior
from backend.guidance.families import precision
from backend.jobs.folder import request_control
from backend.optimize import checkpoint
from backend.optimize.loop import Optimization
from backend.worker import recovery
from backend.worker.job import run_job
from backend.worker.stop import StopFlag
from tests.figures import Record
from tests.guidance.tiny_models import save_tiny
from tests.worker.small_jobs import add_job, read_events, state_of

Damage = Callable[[Optimization, int], None]


@pytest.fixture
def damaged(monkeypatch: pytest.MonkeyPatch) -> Callable[[Damage], None]:
    """Returns a function that lets a damage happen after each backward pass, with the number of the call."""

    def install(damage: Damage) -> None:
        finish, calls = Optimization._finish, 0

        def broken(self: Optimization, begun: Any) -> float:
            nonlocal calls
            size = finish(self, begun)
            calls += 1
            damage(self, calls)
            return size

        monkeypatch.setattr(Optimization, "_finish", broken)

    return install


def run(folder: Path) -> Any:
    assert run_job(folder, StopFlag(), lambda: True)
    return state_of(folder)


def spoil_gradient(run: Optimization) -> None:
    parameter = next(p for p in run._parameters() if p.grad is not None)
    parameter.grad.view(-1)[0] = math.nan  # type: ignore[union-attr]


def checkpoints_are_finite(folder: Path) -> bool:
    return all(
        bool(tensor.isfinite().all())
        for _, tensors, _ in checkpoint.load_newest_first(folder / "checkpoints")
        for tensor in tensors.values()
        if tensor.is_floating_point()
    )


def test_steps_without_a_finite_gradient_are_dropped(damaged: Callable[[Damage], None], tmp_path: Path) -> None:
    damaged(lambda run, call: spoil_gradient(run) if call in (2, 3, 6) else None)
    folder = add_job(tmp_path, steps=8)
    state = run(folder)
    assert state.status == "done", state.error
    assert state.warnings == ("3 steps had no finite gradient and were dropped.",)
    assert [e["step"] for e in read_events(folder) if e.get("phase") == "optimising" and "step" in e][-1] == 8
    assert checkpoints_are_finite(folder)


def spoil_parameter(run: Optimization) -> None:
    with torch.no_grad():
        run._parameters()[0].view(-1)[:] = math.inf


def spoil_moments(run: Optimization) -> None:
    for state in run.optimizer.state.values():
        state["exp_avg"].view(-1)[0] = math.nan


@pytest.mark.parametrize("spoil", [spoil_parameter, spoil_moments])
def test_a_spoiled_state_returns_to_the_last_checkpoint_with_new_noise(
    damaged: Callable[[Damage], None], tmp_path: Path, spoil: Callable[[Optimization], None]
) -> None:
    damaged(lambda run, call: spoil(run) if call == 6 else None)  # the sixth step leaves a state that is not finite
    folder = add_job(tmp_path, steps=8)
    state = run(folder)
    assert state.status == "done", state.error
    assert "diverged at step" in state.warnings[0]
    assert "with new noise" in state.warnings[0]
    assert checkpoints_are_finite(folder)
    report = json.loads((folder / "asset" / "report.json").read_text())
    assert all(math.isfinite(value) for corner in report["bounds"] for value in corner)


@pytest.mark.faults
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_steps_with_a_bad_model_output_are_dropped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: float, figure: Record
) -> None:
    predict, calls = PixelPrior.predict_noise, count(1)

    def broken(self: PixelPrior, *arguments: Any) -> Any:
        noise = predict(self, *arguments)
        if next(calls) in (2, 5, 6):
            noise[..., 0, 0] = value
        return noise

    monkeypatch.setattr(PixelPrior, "predict_noise", broken)
    folder = add_job(tmp_path, steps=6)
    state = run(folder)
    assert state.status == "done", state.error
    assert state.warnings == ("3 steps had no finite gradient and were dropped.",)
    bad = int(not checkpoints_are_finite(folder))
    figure(f"jobs with a bad checkpoint after 3 model outputs of {value}", bad, "of 1", at_most=0)


def test_a_seed_that_always_diverges_is_replaced(
    damaged: Callable[[Damage], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "MAX_ROLLBACKS", 1)
    damaged(lambda run, call: spoil_gradient(run) if call <= 18 else None)  # 2 tries of 9 steps
    folder = add_job(tmp_path, steps=4, seed=7)
    state = run(folder)
    assert state.status == "done", state.error
    assert "diverged with seed 7. The job starts again with seed 1000010." in state.warnings[-1]
    assert len(state.warnings) == 2  # back to the start with new noise, then another seed


def test_a_job_that_always_diverges_ends_and_try_again_uses_another_seed(
    damaged: Callable[[Damage], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "MAX_ROLLBACKS", 0)
    monkeypatch.setattr(recovery, "MAX_RESTARTS", 1)
    seeds = []

    def spoil(run: Optimization, call: int) -> None:
        seeds.append(run.generator.initial_seed())
        spoil_gradient(run)

    damaged(spoil)
    folder = add_job(tmp_path, steps=4, seed=7)
    state = run(folder)
    assert (state.status, state.error_code) == ("failed", "diverged")
    first = set(seeds)
    seeds.clear()
    request_control(folder, "resume")
    assert run(folder).status == "failed"
    assert not first & set(seeds)


@pytest.mark.parametrize(
    ("code", "overrides"),
    [
        ("empty", {"field.start_density": 0.001, "losses.opacity": 100.0, "optimizer.density_rate": 0.0}),
        ("full", {"field.start_density": 1000.0, "field.start_radius": 10.0}),
    ],
)
def test_an_empty_or_full_volume_is_not_a_result(tmp_path: Path, code: str, overrides: dict[str, Any]) -> None:
    folder = add_job(tmp_path, steps=4, overrides=overrides)
    state = run(folder)
    assert (state.status, state.error_code) == ("failed", code)
    assert len(state.warnings) == 2  # two other seeds
    assert not (folder / "asset" / "mesh.glb").exists()


def scale_unet(tensors: dict[str, torch.Tensor]) -> None:
    """Overflows at some steps only."""
    tensors["conv_out.weight"] *= 3e5


def scale_vae(tensors: dict[str, torch.Tensor]) -> None:
    """Overflows for bright images only: the first layer is 0 for black and 1.5 times the largest number for white."""
    weight = tensors["encoder.conv_in.weight"].abs()
    half = 0.75 * torch.finfo(torch.float16).max
    tensors["encoder.conv_in.weight"] = half * weight / weight.sum((1, 2, 3), keepdim=True)
    tensors["encoder.conv_in.bias"] = torch.full_like(tensors["encoder.conv_in.bias"], half)


@pytest.mark.parametrize(("part", "scale"), [("unet", scale_unet), ("vae", scale_vae)])
def test_a_model_that_overflows_in_half_precision_continues_in_float32(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, scale: Callable[[dict[str, torch.Tensor]], None]
) -> None:
    model = save_tiny("sd", tmp_path / "model")
    (weights,) = (model / part).glob("*.safetensors")
    tensors = load_file(weights)
    scale(tensors)
    save_file(tensors, weights, {"format": "pt"})
    config = model / part / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "force_upcast": False}))
    types = (torch.float32, torch.float16)
    monkeypatch.setattr(precision, "native_dtypes", lambda _device: types)
    overrides = {"guidance.dtype": "float16", "guidance.guidance_scale": 1.0, "optimizer.density_rate": 1e-3}
    folder = add_job(tmp_path / "jobs", prior=str(model), overrides=overrides)
    state = run(folder)
    assert any("continues in float32" in warning for warning in state.warnings), (state.error, state.warnings)
    assert json.loads((folder / "settings.json").read_text())["settings"]["guidance.dtype"] == "float32"
    assert state.status == "done", state.error


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """A job that was stopped at step 5, with two checkpoints."""
    folder = add_job(tmp_path, steps=8)
    stop = StopFlag()
    advance = Optimization.advance

    def stopping(self: Optimization) -> float:
        stop.is_set = self.step == 5
        return advance(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Optimization, "advance", stopping)
        run_job(folder, stop, lambda: True)
    request_control(folder, "resume")
    return folder


def fill_with_nan(tensor: torch.Tensor) -> torch.Tensor:
    return torch.full_like(tensor, math.nan)  # intact, but of a bad state


def damageable(tensors: dict[str, torch.Tensor]) -> list[str]:
    """The names in alphabetical order: a file of safetensors has no order."""
    return sorted(name for name, tensor in tensors.items() if tensor.is_floating_point() and tensor.dim())


def add_a_row(tensor: torch.Tensor) -> torch.Tensor:
    return torch.cat((tensor, tensor[:1]))


def change_checkpoints(folder: Path, change: Callable[[torch.Tensor], torch.Tensor], number: int) -> None:
    """Writes the newest checkpoints again, with a changed tensor."""
    found = list(checkpoint.load_newest_first(folder / "checkpoints"))
    for step, tensors, meta in reversed(found[:number]):
        name = damageable(tensors)[0]
        tensors[name] = change(tensors[name])
        checkpoint.save(folder / "checkpoints", step, tensors, meta)


@pytest.mark.parametrize("change", [fill_with_nan, add_a_row])
def test_a_checkpoint_that_does_not_fit_falls_back_to_an_older_one(
    stopped: Path, change: Callable[[torch.Tensor], torch.Tensor]
) -> None:
    change_checkpoints(stopped, change, 1)
    (_, *older) = checkpoint.load_newest_first(stopped / "checkpoints")
    state = run(stopped)
    assert state.status == "done", state.error
    assert not state.warnings
    assert resumed_steps(stopped)[0] == older[0][0] + 1


def test_a_bad_state_is_found_in_every_tensor(stopped: Path, tmp_path: Path) -> None:
    step, tensors, meta = next(iter(checkpoint.load_newest_first(stopped / "checkpoints")))
    names = damageable(tensors)
    assert {name.partition(".")[0] for name in names} == {"ahead", "optimiser", "scene"}
    for name in names:
        folder = Path(shutil.copytree(stopped, tmp_path / name))
        checkpoint.save(folder / "checkpoints", step, {**tensors, name: fill_with_nan(tensors[name])}, meta)
        assert run(folder).status == "done"
        assert resumed_steps(folder)[0] < step, name


def truncate(folder: Path) -> None:
    for path in (folder / "checkpoints").glob("*.safetensors"):
        path.write_bytes(path.read_bytes()[:-9])


def flip_a_bit(folder: Path) -> None:
    for path in (folder / "checkpoints").glob("*.safetensors"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 4
        path.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "too short": truncate,
    "with a flipped bit": flip_a_bit,
    "of another shape": lambda folder: change_checkpoints(folder, add_a_row, 2),
    "of a bad state": lambda folder: change_checkpoints(folder, fill_with_nan, 2),
}


@pytest.mark.faults
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_job_without_a_good_checkpoint_starts_again_with_a_warning(
    stopped: Path, damage: str, figure: Record
) -> None:
    DAMAGES[damage](stopped)
    state = run(stopped)
    assert state.status == "done", state.error
    assert len(state.warnings) == 1
    assert state.warnings[0].startswith("The job starts again")
    assert checkpoints_are_finite(stopped)
    # Those of the earlier run do not push out the new ones.
    assert [step for step, _, _ in checkpoint.load_newest_first(stopped / "checkpoints")] == [8, 6]
    figure(f"checkpoints {damage} that a job continued from", int(resumed_steps(stopped)[0] != 1), "of 2", at_most=0)


def resumed_steps(folder: Path) -> list[int]:
    """The steps since the last `hello`."""
    events = read_events(folder)
    start = max(n for n, event in enumerate(events) if event["kind"] == "hello")
    return [e["step"] for e in events[start:] if e["kind"] == "progress" and e["phase"] == "optimising"]
