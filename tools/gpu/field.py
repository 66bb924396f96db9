"""The field and its renderer alone: four views with normals, forward and backward."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from backend.config.lookup import find_preset
from backend.config.overrides import apply_overrides
from backend.config.schedules import max_value
from backend.config.settings import Settings
from backend.optimize.scene import Scene, build_scene
from backend.optimize.views import ViewBatch, draw_views

from ..part_times import Clock
from .memory import Peak
from .plan import Models
from .settings import with_object
from .steps import WARM_ROUNDS

VIEWS = 4


def measure(
    device: torch.device,
    models: Models,
    preset: str,
    sizes: Sequence[int],
    overrides: Mapping[str, Any] | None = None,
    rounds: int = 20,
) -> dict[str, Any]:
    """Measures views of each size in pixels, of an object and of the field's first step, in which no cell is empty.

    A size that does not fit into the memory has only an "error".
    """
    settings = apply_overrides(find_preset(preset), dict(overrides or {}))
    found = []
    for state, field in (("object", with_object(settings.field)), ("start", settings.field)):
        scene = build_scene(field, device, 0)
        if state == "object":
            scene.at_step(-(-field.prune_from // field.prune_every) * field.prune_every)
        for size_px in sizes:
            at = {"state": state, "px": size_px}
            try:
                found.append(at | _measure(scene, settings, size_px, device, rounds))
            except torch.OutOfMemoryError:
                found.append(at | {"error": "out of memory"})
    return {"preset": preset, "field": settings.field.kind, "levels": settings.field.levels, "views": found}


def _measure(scene: Scene, settings: Settings, size_px: int, device: torch.device, rounds: int) -> dict[str, Any]:
    o = settings.optimizer
    samples = min(o.samples, max(8, round(o.samples * size_px / max_value(o.render_px))))  # as in a step
    shading = replace(settings.shading, albedo_only_steps=0, shaded=1.0, textureless=0.0)
    generator = torch.Generator().manual_seed(0)
    views = draw_views(settings.camera, shading, VIEWS, 1, generator, size_px).to(device)
    clock, peak = Clock(device), Peak(device)
    spans = [_render(scene, views, size_px, samples, clock) for _ in range(WARM_ROUNDS + rounds)][WARM_ROUNDS:]
    forward, backward = (statistics.median(part) for part in zip(*spans, strict=True))
    total = statistics.median(sum(span) for span in spans)
    times = {"forward_ms": forward, "backward_ms": backward, "ms": total}
    return {"samples": samples, **{name: round(ms, 3) for name, ms in times.items()}, "memory": peak.take()}


def _render(scene: Scene, views: ViewBatch, size_px: int, samples: int, clock: Clock) -> tuple[float, float]:
    """Milliseconds of the forward and of the backward pass."""
    for parameter in scene.modules.parameters():
        parameter.grad = None
    clock.wait()
    begin = clock.now()
    made = scene.render(views.cameras, views.lighting, views.backgrounds, size_px, samples, views.random())
    between = clock.now()
    torch.autograd.backward(made.image.sum() + made.orientation.sum())
    end = clock.now()
    clock.wait()
    return clock.ms(begin, between), clock.ms(between, end)
