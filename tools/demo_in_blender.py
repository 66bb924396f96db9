"""The part of `build.py demo` that runs inside Blender, in the Blender environment's Python.

Installs the extension's zip, calls the Generate operator, waits for the object, and renders it on a small stage.
`tools/demo.py` starts it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

import bpy

from . import demo_stage

REPOSITORY = "user_default"
PACKAGE = f"bl_ext.{REPOSITORY}.dreamfusion"


class DemoFailed(Exception):
    """An error for the user."""


def main() -> int:
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    out = Reporter(_divert_output(options.output / "blender.log"))
    try:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        _install(options.zip, options.backend_python, options.output / "jobs")
        out.line(f"Installed {options.zip.name} in Blender {bpy.app.version_string}")
        facts = _generate(options, out)
        _render(options.output, facts, out)
    except DemoFailed as failure:
        out.line(str(failure))
        return 1
    except KeyboardInterrupt:
        _cancel()
        out.line("Interrupted. The job is canceled; its progress is saved in its folder.")
        return 130
    if options.facts:
        options.facts.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo_in_blender")
    parser.add_argument("--zip", type=Path, required=True)
    parser.add_argument("--backend-python", type=Path, required=True)
    parser.add_argument("--prompt", required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--preset", default="")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--facts", type=Path, help="JSON file for the measurements")
    return parser.parse_args()


def _divert_output(log: Path) -> TextIO:
    """Redirects Blender's output to a file; returns a stream to the terminal."""
    terminal = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    with open(log, "wb") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    return terminal


class Reporter:
    """Prints lines of progress, at most one per `every_s` seconds and phase."""

    def __init__(self, stream: TextIO, every_s: float = 5.0) -> None:
        self._stream = stream
        self._every_s = every_s
        self._started = time.monotonic()
        self._topic = ""
        self._last = 0.0

    def line(self, text: str) -> None:
        print(f"[{time.monotonic() - self._started:5.0f} s] {text}", file=self._stream, flush=True)

    def view(self, view: Any) -> None:
        """Prints the state of the job, if the phase has changed or `every_s` has passed."""
        now = time.monotonic()
        # The headline of a job that starts counts seconds.
        topic = view.status if view.status == "starting" else view.headline
        if topic == self._topic and now - self._last < self._every_s:
            return
        self._topic, self._last = topic, now
        percent = "" if view.fraction is None else f"{100 * view.fraction:3.0f} %  "
        self.line(f"{percent}{view.headline}" + (f" ({view.detail})" if view.detail else ""))


def _install(archive: Path, backend_python: Path, jobs: Path) -> None:
    """Installs the zip with Blender's own installer and sets the add-on's preferences."""
    result = bpy.ops.extensions.package_install_files(
        filepath=str(archive), repo=REPOSITORY, enable_on_install=True, overwrite=True
    )
    addon = bpy.context.preferences.addons.get(PACKAGE)
    if result is None or "FINISHED" not in result or addon is None:
        raise DemoFailed(f"Blender did not install {archive}. See blender.log in the output folder.")
    addon.preferences.python = str(backend_python)
    addon.preferences.jobs_folder = str(jobs)


def _generate(options: argparse.Namespace, out: Reporter) -> dict[str, Any]:
    """Calls Generate and waits until the object is in the scene; returns the measurements."""
    api, pump = _module("api"), _module("pump")
    scene = bpy.context.scene
    before = set(bpy.data.objects.keys())
    chosen = {"prompt": options.prompt, "seed": options.seed, **({"preset": options.preset} if options.preset else {})}
    pump.worst.clear()
    started, pressed_at = time.monotonic(), time.time()
    try:
        operators: Any = bpy.ops
        operators.dreamfusion.generate(**chosen)
    except (RuntimeError, TypeError) as error:  # an operator's report is an exception in scripts
        raise DemoFailed(str(error).strip().removeprefix("Error: ")) from error
    job_id = api.current_job(scene)
    facts: dict[str, Any] = {"blender": bpy.app.version_string, "job": job_id, "pressed_at": pressed_at}

    def watch(view: Any) -> None:
        out.view(view)
        if view.preview and "first_preview_s" not in facts:
            facts["first_preview_s"] = round(time.monotonic() - started, 2)

    view = api.wait(job_id, on_change=watch)
    facts["generate_to_scene_s"] = round(time.monotonic() - started, 2)
    facts["worst_tick_ms"], facts["worst_tick_cpu_ms"] = (round(1000 * s, 3) for s in pump.worst["tick"])
    made = [obj for obj in bpy.data.objects if obj.name not in before and obj.type == "MESH"]
    if view.error or not made:
        raise DemoFailed(
            view.error or f"The job ended as '{view.status}' without an object. See {options.output / 'jobs'}."
        )
    for note in view.notes:
        out.line(f"Note: {note}")
    facts["object"], facts["faces"] = made[0].name, len(made[0].data.polygons)
    out.line(
        f"'{made[0].name}' is in the scene, {facts['faces']:,} faces: "
        f"{facts['generate_to_scene_s']:.1f} s from Generate to the object"
    )
    return facts


def _interrupt(*_: Any) -> None:
    """Handles SIGINT and SIGTERM. Further signals are ignored, so that they cannot interrupt the cleanup."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _cancel() -> None:
    """Cancels the job: the worker is a separate process and would continue."""
    operators: Any = bpy.ops
    if PACKAGE in bpy.context.preferences.addons and _module("api").current_job(bpy.context.scene):
        operators.dreamfusion.cancel()


def _render(output: Path, facts: dict[str, Any], out: Reporter) -> None:
    scene = bpy.context.scene
    demo_stage.build_stage(scene, [bpy.data.objects[facts["object"]]])
    out.line("Rendering with Cycles ...")
    demo_stage.render(scene, output / "render.png")
    scene.render.filepath = "//render.png"
    bpy.ops.wm.save_as_mainfile(filepath=str(output / "scene.blend"), compress=True)
    out.line(f"Wrote {output / 'render.png'} and {output / 'scene.blend'}")


def _module(name: str) -> Any:
    return import_module(f"{PACKAGE}.{name}")


if __name__ == "__main__":
    sys.exit(main())
