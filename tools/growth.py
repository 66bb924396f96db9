"""`build.py bench --growth`: how time and memory grow with the sizes of a job, with fitted exponents.

Times are processor times of one thread, so that other programs hardly change them. Memory is what the process needs more than
before, by the peak of the system. Each value runs in its own process. Runs in the backend's Python.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path

from backend.worker import peak_memory

from .common import REPO, say

VALUES = {
    "render_px": (32, 64, 128, 256, 512),
    "grid": (64, 128, 256, 512),
    "faces": (5_000, 10_000, 20_000, 40_000, 80_000),
    "jobs": (10, 100, 1_000, 10_000),
}
WORK = {
    "render_px": "a view and its gradient, by the side of the picture in pixels",
    "grid": "a view and its gradient, by the voxels of a side",
    "faces": "mesh and texture, by the faces",
    "jobs": "search for the next job, by the jobs in the folder",
}
LIMIT_S = 600.0


@dataclass(frozen=True)
class Point:
    """Processor time in milliseconds and additional memory in megabytes at one value. None: it failed or took too long."""

    value: int
    ms: float | None
    memory_mb: float | None


@dataclass(frozen=True)
class Growth:
    """A series; the exponents are those of the power law that fits the last three points."""

    name: str
    points: list[Point]
    time_exponent: float | None
    memory_exponent: float | None


def exponent(values: Sequence[float], results: Sequence[float | None]) -> float | None:
    """The slope of the logarithms by least squares over the last three results. None with fewer than two."""
    pairs = [(math.log(x), math.log(y)) for x, y in zip(values, results, strict=True) if y is not None and y > 0][-3:]
    if len(pairs) < 2:
        return None
    mean_x, mean_y = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in pairs) / sum((x - mean_x) ** 2 for x, _ in pairs)
    return round(slope, 2)


def measure(name: str, values: Sequence[int]) -> Growth:
    """Measures each value in its own process."""
    points = []
    for value in values:
        command = [sys.executable, "-m", "tools.growth", "--one", name, str(value)]
        try:
            done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=LIMIT_S)
            points.append(Point(**json.loads(done.stdout.splitlines()[-1])))
        except (subprocess.TimeoutExpired, IndexError, ValueError):  # or out of memory
            points.append(Point(value, None, None))
        say(f"{name} {value}: {points[-1].ms} ms, {points[-1].memory_mb} MB")
    times, memories = [point.ms for point in points], [point.memory_mb for point in points]
    return Growth(name, points, exponent(values, times), exponent(values, memories))


def measure_one(name: str, value: int) -> Point:
    """Measures one value in this process."""
    works: dict[str, Callable[[int, Path], Callable[[], object]]]
    works = {"render_px": _view, "grid": _grid, "faces": _faces, "jobs": _jobs}
    for module in ("backend.asset.build", "backend.optimize.grid_scene", "backend.worker.due"):
        import_module(module)  # its memory does not count
    with tempfile.TemporaryDirectory() as folder:
        peak_memory.restart()
        before = peak_memory.peak_bytes()
        work = works[name](value, Path(folder))
        spent = []
        for _ in range(1 if name == "faces" else 4):  # the first time is longer
            began = time.process_time()
            work()
            spent.append(1000 * (time.process_time() - began))
        return Point(value, round(min(spent), 2), round((peak_memory.peak_bytes() - before) / 1e6, 1))


def _view(px: int, _folder: Path, grid: int = 64) -> Callable[[], object]:
    import torch

    from backend.config.presets import PRESETS
    from backend.optimize.grid_scene import GridScene
    from backend.optimize.views import draw_views

    torch.set_num_threads(1)
    settings, device = PRESETS["fast"], torch.device("cpu")
    scene = GridScene(replace(settings.field, levels=(grid // 4, grid // 2, grid)), device)

    def work() -> None:
        views = draw_views(settings.camera, settings.shading, 1, 200, torch.Generator().manual_seed(0))
        made = scene.render(views.cameras, views.lighting, views.backgrounds, px, 32, views.random())
        made.image.sum().backward()  # type: ignore[no-untyped-call]
        for parameter in scene.modules.parameters():
            parameter.grad = None

    return work


def _grid(grid: int, folder: Path) -> Callable[[], object]:
    return _view(32, folder, grid)


def _faces(faces: int, folder: Path) -> Callable[[], object]:
    import torch

    from backend.asset.build import build_asset
    from backend.config.presets import PRESETS
    from backend.fields.voxel_grid import VoxelGrid

    torch.set_num_threads(1)
    field = VoxelGrid((16, 64), bound=0.6, start_density=60.0, start_radius=0.25)
    side = 256 if faces > 20_000 else 128  # marching cubes must find enough faces
    settings = replace(PRESETS["fast"].mesh, face_budget=faces, resolution=side)
    return lambda: build_asset(field, settings, folder, lambda phase, fraction: None)


def _jobs(count: int, folder: Path) -> Callable[[], object]:
    from backend.jobs.folder import create_job_folder
    from backend.jobs.request import new_job
    from backend.worker.due import DueJobs

    for number in range(count):
        create_job_folder(folder, new_job(f"a red mushroom {number}", overrides={}))
    return lambda: DueJobs(folder).next()


def table(series: Sequence[Growth]) -> str:
    """The series as text."""
    lines = []
    for growth in series:
        lines.append(f"{WORK[growth.name]}: time ~ n^{growth.time_exponent}, memory ~ n^{growth.memory_exponent}")
        lines += [
            f"  {point.value:>8} {point.ms or math.nan:12.1f} ms {point.memory_mb or 0:10.1f} MB"
            for point in growth.points
        ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="growth")
    parser.add_argument("--one", nargs=2, metavar=("NAME", "VALUE"))
    parser.add_argument("--output", type=Path)
    parser.add_argument("--only", choices=list(VALUES), action="append")
    parser.add_argument("--largest", type=int, default=0, help="leave out larger values")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(asdict(measure_one(options.one[0], int(options.one[1])))))
        return 0
    series = [
        measure(name, [value for value in VALUES[name] if not options.largest or value <= options.largest])
        for name in options.only or VALUES
    ]
    print("\n" + table(series))
    if options.output:
        (options.output / "growth.json").write_text(json.dumps([asdict(one) for one in series], indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
