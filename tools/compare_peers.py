"""Compares the time of a step with other implementations of DreamFusion, without the diffusion model, on the CPU.

    python -m tools.compare_peers --stable-dreamfusion PATH --threestudio PATH

Each implementation renders a shaded view of 64 x 64 pixels with normals, with its own samples per ray, and computes the
gradient; a step adds its regularizers and its optimizer. All have the same gradient of the image. Checkouts are imported as they
are. Modules that are not installed are replaced by empty ones if the code that runs does not use them, and the result names
them. Runs in the backend's Python. All implementations take turns, and the times are those of the processor.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import sys
import time
import types
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import torch
from torch import Tensor

from backend.config.presets import PRESETS
from backend.maths.random_streams import RandomStreams
from backend.optimize import losses
from backend.optimize.optimizers import build_optimizer
from backend.optimize.scene import build_scene
from backend.optimize.views import draw_views

PX, ROUNDS, WARM = 64, 3, 1
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Peer:
    """An implementation: `render` returns the picture [H, W, 3] and its regularizers, `update` is its optimizer."""

    name: str
    render: Callable[[], tuple[Tensor, Tensor]]
    update: Callable[[], None]
    note: str = ""


@dataclass(frozen=True)
class Timing:
    """Median milliseconds of processor time."""

    name: str
    view_ms: float  # forward and backward
    step_ms: float  # with regularizers and optimizer
    note: str = ""


def ours(preset: str) -> Peer:
    """The renderer of a preset at 64 pixels, shaded and with texture."""
    settings = PRESETS[preset]
    shading = replace(settings.shading, shaded=1.0, textureless=0.0, albedo_only_steps=0)
    scene = build_scene(settings.field, CPU, 0)
    optimizer = build_optimizer(settings.optimizer, scene.parameters_by_role())
    generator = torch.Generator().manual_seed(0)

    def render() -> tuple[Tensor, Tensor]:
        views = draw_views(settings.camera, shading, 1, 1000, generator, PX)
        samples, random = settings.optimizer.samples, RandomStreams(views.seeds)
        made = scene.render(views.cameras, views.lighting, views.backgrounds, PX, samples, random)
        penalty = losses.opacity_loss(made.opacity) + losses.orientation_loss(made.orientation)
        return made.image[0], penalty + sum(penalty() for penalty in made.penalties.values())

    def update() -> None:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return Peer(f"this project, preset {preset}", render, update, f"{settings.optimizer.samples} samples per ray")


def stable_dreamfusion(folder: Path) -> Peer:
    """The network of the paper's kind in its pure PyTorch (`nerf/network.py`, `--backbone vanilla`), with its defaults."""
    network, missing = _import_from(folder, "nerf.network")
    options = types.SimpleNamespace(
        bound=1,
        dmtet=False,
        cuda_ray=False,
        taichi_ray=False,
        min_near=0.01,
        density_thresh=10,
        bg_radius=1.4,
        density_activation="exp",
        blob_density=5,
        blob_radius=0.2,
        num_steps=64,
        upsample_steps=32,
        lambda_orient=1e-2,
        lambda_3d_normal_smooth=0,
        lambda_2d_normal_smooth=0,
        lambda_normal=0,
    )
    torch.manual_seed(0)
    net = network.NeRFNetwork(options)
    net.train()
    adam = torch.optim.Adam(net.get_params(1e-3), betas=(0.9, 0.99), eps=1e-15)
    x, y = torch.meshgrid(torch.linspace(-0.4, 0.4, PX), torch.linspace(-0.4, 0.4, PX), indexing="xy")
    towards = torch.nn.functional.normalize(torch.stack((x, torch.ones_like(x), y), -1).view(1, -1, 3), dim=-1)
    start = torch.tensor([0.0, -1.2, 0.0]).expand_as(towards)

    def render() -> tuple[Tensor, Tensor]:
        made = net.render(start, towards, None, PX, PX, ambient_ratio=0.1, shading="lambertian", perturb=True)
        opacity = made["weights_sum"].clamp(1e-5, 1 - 1e-5)
        entropy = (-opacity * opacity.log2() - (1 - opacity) * (1 - opacity).log2()).mean()
        return made["image"].view(PX, PX, 3), 1e-3 * entropy + 1e-2 * made["loss_orient"]

    def update() -> None:
        adam.step()
        adam.zero_grad(set_to_none=True)

    note = "64 + 32 samples per ray"
    return Peer("stable-dreamfusion", render, update, f"{note}; left out: {', '.join(missing)}" if missing else note)


def threestudio(folder: Path) -> Peer:
    """Its renderer has no version without a GPU: `nerfacc` must be there.

    Raises:
        ImportError: a module is not installed.
    """
    sys.path.insert(0, str(folder))
    importlib.import_module("nerfacc")
    importlib.import_module("threestudio")
    raise ImportError("its renderer needs the compiled parts of nerfacc, which have no CPU version")


def _import_from(folder: Path, module: str) -> tuple[Any, list[str]]:
    """Imports a module of a checkout. Also returns the names of modules that are not installed, and were empty meanwhile."""
    sys.path.insert(0, str(folder))
    names = ("cv2", "nvdiffrast", "nvdiffrast.torch", "raymarching", "meshutils", "tensorboardX", "matplotlib",
             "matplotlib.pyplot", "torchvision", "torchvision.transforms", "torchvision.transforms.functional", "torchmetrics",
             "torch_ema", "imageio")  # fmt: skip
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except (ImportError, OSError, RuntimeError):
            sys.modules[name] = MagicMock()
            missing.append(name)
    try:
        found = importlib.import_module(module)
    finally:
        for name in missing:
            del sys.modules[name]
    return found, [name for name in missing if "." not in name]


def measure(peers: list[Peer], rounds: int = ROUNDS) -> list[Timing]:
    """Lets all implementations take turns."""
    gradient = torch.randn(PX, PX, 3, generator=torch.Generator().manual_seed(0))
    spent: dict[tuple[str, bool], list[float]] = {}
    for number in range(WARM + rounds):
        for peer in peers:
            for is_step in (False, True):
                began = time.process_time()
                picture, penalty = peer.render()
                loss = (picture * gradient).sum()
                (loss + penalty if is_step else loss).backward()  # type: ignore[no-untyped-call]
                if is_step:
                    peer.update()
                if number >= WARM:
                    spent.setdefault((peer.name, is_step), []).append(1000 * (time.process_time() - began))
    medians = {key: round(statistics.median(times), 1) for key, times in spent.items()}
    return [Timing(peer.name, medians[peer.name, False], medians[peer.name, True], peer.note) for peer in peers]


def main() -> int:
    parser = argparse.ArgumentParser(prog="compare_peers", description=__doc__.split("\n")[0])
    parser.add_argument("--stable-dreamfusion", type=Path, metavar="PATH")
    parser.add_argument("--threestudio", type=Path, metavar="PATH")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    torch.set_num_threads(1)
    peers, absent = [ours("fast"), ours("paper")], {}
    found = {"stable-dreamfusion": (stable_dreamfusion, options.stable_dreamfusion),
             "threestudio": (threestudio, options.threestudio)}  # fmt: skip
    for name, (load, folder) in found.items():
        if folder is None:
            continue
        if not folder.is_dir():
            print(f"There is no folder {folder}.", file=sys.stderr)
            return 2
        try:
            peers.append(load(folder.resolve()))
        except (ImportError, AttributeError) as error:
            absent[name] = str(error)
    rows = measure(peers)
    for row in rows:
        print(f"{row.name:32}{row.view_ms:9.1f} ms{row.step_ms:9.1f} ms  {row.note}")
    for name, reason in absent.items():
        print(f"{name:32}cannot be imported: {reason}")
    if options.json:
        facts = {"timings": [asdict(row) for row in rows], "absent": absent}
        options.json.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
