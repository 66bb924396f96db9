"""`build.py bench`: time and memory of a complete job, measured on `build.py demo`.

Runs in the backend's Python, which has psutil and torch.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from backend.worker.peak_memory import linux_peak_bytes

from . import demo, step_times
from .common import Failed
from .step_times import StepTimes

# The project's limits on two CPU cores.
GENERATE_LIMIT_S, PREVIEW_LIMIT_S, TICK_LIMIT_MS, MEMORY_LIMIT_GB = 120.0, 15.0, 2.0, 3.0


@dataclass(frozen=True)
class Figure:
    """One measured value and its upper limit (None: no limit)."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def verdict(self) -> str:
        return "" if self.limit is None else "yes" if self.value < self.limit else "NO"


class WorkerMemory(threading.Thread):
    """Samples the memory of the worker process and its children, and keeps the peak."""

    def __init__(self, every_s: float = 0.1) -> None:
        super().__init__(daemon=True)
        self._every_s = every_s
        self._done = threading.Event()
        self.peak_bytes = 0

    def run(self) -> None:
        while not self._done.wait(self._every_s):
            self.peak_bytes = max(self.peak_bytes, *(_peak_bytes(worker) for worker in _workers()), 0)

    def stop(self) -> None:
        self._done.set()
        self.join()


def _workers() -> Iterator[psutil.Process]:
    for child in psutil.Process().children(recursive=True):
        try:
            command = child.cmdline()
        except psutil.Error:
            continue  # it has just exited
        if command[1:4] == ["-m", "backend", "work"]:
            yield child


def _peak_bytes(process: psutil.Process) -> int:
    """The process's peak memory where the operating system records it, otherwise its current memory; plus its children's
    current memory."""
    try:
        memory = process.memory_info()
        own = getattr(memory, "peak_wset", 0) or linux_peak_bytes(process.pid) or memory.rss
        command = process.cmdline()  # also of a child that has not started its program: it still shares the memory
        children = [child for child in process.children(recursive=True) if child.cmdline() != command]
        return int(own) + sum(child.memory_info().rss for child in children)
    except psutil.Error:
        return 0


def phase_seconds(events: list[dict[str, Any]], pressed_at: float) -> dict[str, float]:
    """The duration of each phase of a job, from its events. `starting` lasts from Generate to the first phase."""
    marks = [("starting", pressed_at)]
    marks += [(str(e["name"]), float(e["time"])) for e in events if e["kind"] == "phase"]
    marks += [("", float(e["time"])) for e in events if e["kind"] == "bye"]
    spans = itertools.pairwise(marks)
    return {name: round(end - start, 2) for (name, start), (_, end) in spans if name}


def figures(facts: dict[str, Any], peak_bytes: int, events: list[dict[str, Any]], steps: StepTimes) -> list[Figure]:
    """All figures, those with a limit first."""
    promised = [
        Figure("Generate to the object in the scene", facts["generate_to_scene_s"], "s", GENERATE_LIMIT_S),
        Figure("first preview", facts.get("first_preview_s", float("inf")), "s", PREVIEW_LIMIT_S),
        # Processor time: in wall-clock time, a tick also waits for the worker, which uses every core.
        Figure("worst timer tick, processor time", facts["worst_tick_cpu_ms"], "ms", TICK_LIMIT_MS),
        Figure("peak memory of the worker", round(peak_bytes / 1e9, 2), "GB", MEMORY_LIMIT_GB),
    ]
    phases = [
        Figure(f"phase {name}", seconds, "s") for name, seconds in phase_seconds(events, facts["pressed_at"]).items()
    ]
    phases.append(Figure("worst timer tick, wall-clock time", facts["worst_tick_ms"], "ms"))
    parts = [Figure(f"step: {name}", ms, "ms") for name, ms in steps.parts.items()]
    whole = [
        Figure("step", steps.step, "ms"),
        Figure("step, processor time of all threads", steps.processor, "ms"),
        Figure("model alone, with and without the prompt", steps.pair, "ms"),
        Figure("step / model alone", round(steps.floor, 2), "times"),
    ]
    return promised + phases + parts + whole


def table(rows: list[Figure]) -> str:
    """The figures as text, one per line."""
    width = max(len(row.name) for row in rows)
    lines = [f"{'':{width}}  {'measured':>12}  {'limit':>9}  met"]
    for row in rows:
        limit = "" if row.limit is None else f"{row.limit:g} {row.unit}"
        lines.append(f"{row.name:{width}}  {f'{row.value:.2f} {row.unit}':>12}  {limit:>9}  {row.verdict}".rstrip())
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--blender-python", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--prompt", required=True)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    facts_file = options.output / "facts.json"
    memory = WorkerMemory()
    memory.start()
    try:
        status = demo.demo(
            options.prompt, options.output, 0, "", Path(sys.executable), options.blender_python, facts_file
        )
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        memory.stop()
    if status:
        return status
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    lines = (options.output / "jobs" / facts["job"] / "events.jsonl").read_text(encoding="utf-8").splitlines()
    rows = figures(facts, memory.peak_bytes, [json.loads(line) for line in lines], step_times.measure(options.prompt))
    print("\n" + table(rows), flush=True)
    machine = {"cores": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version()}
    record = {**facts, "machine": machine, "figures": [asdict(row) for row in rows]}
    (options.output / "bench.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"\n{options.output / 'bench.json'}")
    return 1 if any(row.verdict == "NO" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
