"""`build.py full-size`: memory and time of large models at full size, with random weights, on the CPU.

For each model: a job of three steps in a worker that is canceled after its second step, resumed, and ends with an object. The
peaks of its memory are compared with what `models fit` estimates. Runs in the backend's Python; results are kept, so that another
run continues.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil
import torch

from backend.config.lookup import find_preset
from backend.config.overrides import apply_overrides
from backend.config.schedules import max_value
from backend.config.settings import Settings
from backend.guidance import fit
from backend.guidance.families.prior import FamilyPrior
from backend.guidance.loader import open_prior
from backend.jobs import states
from backend.jobs.events import EventReader
from backend.jobs.folder import create_job_folder, request_control
from backend.jobs.request import new_job
from backend.jobs.states import read_state
from backend.models.checking.check import preset_of
from backend.optimize.loop import Optimization

from . import full_size_models
from .common import REPO, Failed, say
from .gpu.steps import measure_parts
from .part_times import Clock

GIB = 1 << 30
STEPS = 3
LIMIT_S = 3600.0
PROMPT = "a red mushroom"
PARTS = ("texts", "step", "render", "encoder", "model", "regularizers", "backward", "optimizer", "rest", "floor")


@dataclass
class Memory:
    """Bytes of a worker in memory, with the weights that are mapped from files.

    Attributes:
        texts: the most while texts were encoded.
        between: the least afterwards, before the denoiser was loaded: the libraries, and what is left of the text encoders.
        optimizing: the most in the steps.
    """

    texts: int
    between: int
    optimizing: int


@dataclass
class Sampler(threading.Thread):
    """Samples the memory of a process with the time, until it ends."""

    pid: int
    samples: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while (size := resident_bytes(self.pid)) is not None:
            self.samples.append((time.time(), size))
            time.sleep(0.02)

    def between(self, begin: float, end: float) -> list[int]:
        return [size for at, size in self.samples if begin <= at <= end] or [0]


def resident_bytes(pid: int) -> int | None:
    """The memory of a process. None if it has ended."""
    try:
        return int(psutil.Process(pid).memory_info().rss) or None
    except psutil.NoSuchProcess:
        return None


def run_worker(jobs: Path, folder: Path, cancel_at: int | None) -> Sampler:
    """Runs a worker until the job ends. With `cancel_at`, cancels the job after that step."""
    command = [sys.executable, "-m", "backend", "work", str(jobs)]
    with open(jobs / "worker.txt", "ab") as output:
        worker = subprocess.Popen(command, cwd=REPO, stdout=output, stderr=output)
    sampler = Sampler(worker.pid)
    sampler.start()
    deadline = time.monotonic() + LIMIT_S
    while worker.poll() is None:
        if time.monotonic() > deadline:
            worker.kill()
            raise Failed(f"The job did not end within {LIMIT_S:.0f} s. See {folder}.")
        if cancel_at is not None and read_state(folder).step >= cancel_at:
            request_control(folder, "cancel")
            cancel_at = None
        time.sleep(0.05)
    return sampler


def events_of(folder: Path) -> list[dict[str, Any]]:
    reader, found = EventReader(folder), []
    while events := reader.read():
        found += events
    return found


def measure(name: str, work: Path, dtype: str) -> dict[str, Any]:
    """Builds a model and runs a job with it.

    Raises:
        Failed: The job failed.
    """
    model, jobs = work / "models" / name, work / "jobs"
    counts = full_size_models.save(name, model, getattr(torch, dtype))
    overrides: dict[str, Any] = {
        "guidance.dtype": dtype,
        "optimizer.steps": STEPS,
        "optimizer.views": 1,
        "output.checkpoint_every": 1,
        "output.turntable": False,
    }
    preset = preset_of(model)
    overrides["optimizer.render_px"] = max_value(find_preset(preset).optimizer.render_px)  # as in the last steps
    settings = apply_overrides(find_preset(preset), overrides)
    prior = open_prior(str(model), torch.device("cpu"), settings.guidance.picture_px, precision=settings.guidance.dtype)
    assert isinstance(prior, FamilyPrior)
    settings = fit.suited(settings, prior)
    need = fit.estimate(prior, settings)
    folder = create_job_folder(jobs, new_job(PROMPT, preset=preset, prior=str(model), overrides=overrides))
    first = run_worker(jobs, folder, cancel_at=2)
    if (state := read_state(folder)).status != states.CANCELLED:
        raise Failed(f"{name}: the job was not canceled but {state.status}: {state.error}")
    canceled_at = state.step
    memory, step_s = facts_of(first, events_of(folder))
    request_control(folder, "resume")
    run_worker(jobs, folder, cancel_at=None)
    state = read_state(folder)
    if state.status != states.DONE or not (folder / "asset" / "mesh.glb").exists():
        raise Failed(f"{name}: the resumed job is {state.status}: {state.error}")
    parts = parts_of(prior, settings)
    return {
        "model": name,
        "dtype": dtype,
        "millions": counts,
        "published millions": full_size_models.MODELS[name].millions,
        "estimate": {"texts": need.texts, "optimizing": need.optimizing},
        "memory": asdict(memory),
        "seconds of a step": step_s,
        "parts": parts,
        "canceled after step": canceled_at,
        "object": True,
    }


def facts_of(sampler: Sampler, events: list[dict[str, Any]]) -> tuple[Memory, float]:
    """The memory of a worker's first job, and the seconds of its second step."""
    at = {str(event.get("name")): float(event["time"]) for event in events if event["kind"] == "phase"}
    steps = {int(e["step"]): float(e["time"]) for e in events if e["kind"] == "progress" and e.get("step") in (1, 2)}
    end = float(events[-1]["time"])
    loading, optimizing = at["loading"], at["optimising"]
    texts = sampler.between(loading, optimizing)
    peak = texts.index(max(texts))
    between = min(texts[peak:] + sampler.between(optimizing, optimizing + 0.5))
    memory = Memory(max(texts), between, max(sampler.between(optimizing, end)))
    return memory, round(steps.get(2, end) - steps.get(1, optimizing), 1)


def parts_of(prior: FamilyPrior, settings: Settings) -> dict[str, float]:
    """Seconds of the texts with loading, of the second step in this process and of its parts, and of its floor: the model and the
    encoder alone."""
    began = time.perf_counter()
    prior.prepare(PROMPT, settings.guidance.negative_prompt)
    texts_s = time.perf_counter() - began
    run = Optimization(PROMPT, settings.guidance.negative_prompt, 0, settings, prior, prior.device)
    found = measure_parts(run, prior, Clock(prior.device), rounds=1, warm_rounds=1)
    prior.unload()
    ms = {"step": found["step_ms"], **found["parts_ms"], "floor": sum(found["floor_ms"].values())}
    return {"texts": round(texts_s, 1), **{name: round(value / 1000, 2) for name, value in ms.items()}}


def row_of_parts(facts: dict[str, Any]) -> str:
    parts = facts["parts"]
    cells = [facts["model"], *(f"{parts[name]:.1f}" for name in PARTS), f"{parts['step'] / parts['floor']:.2f}"]
    return f"| {' | '.join(cells)} |"


def row(facts: dict[str, Any]) -> str:
    memory, estimate = facts["memory"], facts["estimate"]
    texts, optimizing = (memory[name] - memory["between"] for name in ("texts", "optimizing"))
    return (
        f"| {facts['model']} | {gib(estimate['texts'])} | {gib(texts)} | {texts / estimate['texts'] - 1:+.0%} | "
        f"{gib(memory['between'])} | {gib(estimate['optimizing'])} | {gib(optimizing)} | "
        f"{optimizing / estimate['optimizing'] - 1:+.0%} | {facts['seconds of a step']:.0f} s |"
    )


def gib(count: float) -> str:
    return f"{count / GIB:.1f}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="full-size")
    parser.add_argument("models", nargs="*", default=list(full_size_models.MODELS))
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    if unknown := set(options.models) - full_size_models.MODELS.keys():
        parser.error(f"unknown models: {', '.join(sorted(unknown))}; known are {', '.join(full_size_models.MODELS)}")
    options.output.mkdir(parents=True, exist_ok=True)
    found, status = [], 0
    for name in options.models:
        result = options.output / f"{name}-{options.dtype}.json"
        if not result.exists():
            say(f"{name} ...")
            with tempfile.TemporaryDirectory(dir=options.output) as work:
                try:
                    facts = measure(name, Path(work), options.dtype)
                except Failed as failure:
                    say(str(failure))
                    status = 1
                    continue
            result.write_text(json.dumps(facts, indent=1))
        found.append(json.loads(result.read_text()))
    print("GiB beyond what is in memory between the texts and the steps. Estimates are those of `models fit`.")
    print("| Model | Texts, estimate | peak | error | Between | Steps, estimate | peak | error | Step |")
    print("|---|---|---|---|---|---|---|---|---|")
    print("\n".join(map(row, found)))
    print("\nSeconds of the texts with loading, and of a step by part. The floor is the model and the encoder alone.")
    print(f"| Model | {' | '.join(PARTS).capitalize()} | Step / floor |")
    print(f"|{(len(PARTS) + 2) * '---|'}")
    print("\n".join(row_of_parts(facts) for facts in found if "parts" in facts))  # not in earlier results
    return status


if __name__ == "__main__":
    sys.exit(main())
