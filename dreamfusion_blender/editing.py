"""Shows the prompt and the settings of a job in the panel, for another version of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .backend.jobs.request import JobRequest
from .core import loras, overrides
from .core.job import Job
from .image_prompt import inputs as image_inputs
from .starting import chosen, originals


def show_in_panel(scene: Any, job: Job) -> None:
    """Copies everything that the panel has a field for. The other overrides go to the field for overrides.

    The objects and parts of objects that a job of *Texture* or *Change* was made for are not selected again.
    """
    request, settings = job.request, scene.dreamfusion
    changed = dict(request.overrides)
    settings.negative_prompt, settings.seed = request.negative_prompt, request.seed
    settings.prior = request.prior
    if request.preset in settings.bl_rna.properties["preset"].enum_items:
        settings.preset = request.preset
    if request.mode == "texture":
        _show_texture(scene.dreamfusion_texture, request, changed)
    elif request.mode == "change":
        scene.dreamfusion_change.prompt = request.prompt
        _move(changed, "change.amount", scene.dreamfusion_change, "amount")
    else:
        settings.prompt = request.prompt
        image_inputs.show_in_panel(scene, job.folder, request)
        changed = {name: value for name, value in changed.items() if not name.startswith("image.")}
    if request.mode == "start":
        scene.dreamfusion_start.use = True
        _move(changed, "start.freedom", scene.dreamfusion_start, "freedom")
        chosen.remember(scene, originals.Originals.of(request.origin).find(scene))
    settings.loras.clear()
    for path, weight in loras.of_overrides(changed):
        line = settings.loras.add()
        line.path, line.weight = path, weight
    changed.pop(loras.SETTING, None)
    settings.overrides = overrides.to_text(changed)


def _show_texture(section: Any, request: JobRequest, changed: dict[str, Any]) -> None:
    section.prompt, section.controlnet, section.controlnet_scale = request.prompt, "", 1.0
    for name, attribute in (
        ("paint.strength", "strength"),
        ("mesh.texture_px", "texture_px"),
        ("guidance.controlnet", "controlnet"),
        ("guidance.controlnet_scale", "controlnet_scale"),
    ):
        _move(changed, name, section, attribute)


def _move(changed: dict[str, Any], name: str, section: Any, attribute: str) -> None:
    """Moves an override to its field, unless the field cannot hold it: a job's file may come from elsewhere."""
    kind, value = type(getattr(section, attribute)), changed.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (isinstance(value, str) if kind is str else is_number):
        return
    with suppress(OverflowError, ValueError):  # infinity, or 10^400
        setattr(section, attribute, kind(value))
        del changed[name]
