"""Draws all panels and the preferences in many states onto a layout that checks every call."""

import bpy
from common import PACKAGE, answer, enable, module
from strict_layout import Context, StrictLayout, draw, enabled

enable()
panels, session, present = module("panels"), module("session"), module("core.present")
states, doctor, history = module("backend.jobs.states"), module("core.doctor"), module("core.history")
models = module("core.models")
seen = {}
uid = bpy.context.scene.session_uid
for status in present.STATUS_TEXTS:
    for arrival in present.Arrival:
        state = states.JobState(
            status=status,
            phase="optimising",
            step=3,
            total=9,
            eta_s=5.0,
            warnings=("The model does not support the word shiny. " * 4,),
            error="An error occurred. Try again. " * 5,
        )
        view = present.view_job(
            "id", module("backend.jobs.request").JobRequest("id", "", "a mug " * 40), state, arrival=arrival
        )
        session.state.views = {"id": view}
        session.state.live = (view,)
        session.state.history = history.page_of(["id"] * 9, {"id": view}, "", 1)
        session.state.current[uid] = "id"
        texts = [text for cls in panels.CLASSES if issubclass(cls, bpy.types.Panel) for text in draw(cls)]
        seen[f"{status} {arrival.value}"] = any(view.headline in text for text in texts)
for cls in module("panels.menus").CLASSES:
    draw(cls)
members = module("core.groups").new(len(present.STATUS_TEXTS))
rows = [
    present.view_job(
        f"m{member.number}",
        module("backend.jobs.request").JobRequest("m", "", "a mug", origin=member.as_origin()),
        states.JobState(status=status),
        can_move=status == states.QUEUED,
    )
    for status, member in zip(present.STATUS_TEXTS, members, strict=True)
]
module("queue_list").show(module("core.queue").view_of(rows))
session.state.views |= {row.id: row for row in rows}
session.state.current[uid] = "m0"
listed = draw(bpy.types.DREAMFUSION_PT_main)
for row in bpy.context.window_manager.dreamfusion_queue:
    bpy.types.DREAMFUSION_UL_queue.draw_item(None, Context(), StrictLayout(listed), None, row, 0, None, "")
session.state.messages[uid] = present.Message("Try again.", actions=(module("core.actions").OPEN_PREFERENCES,))
message = draw(bpy.types.DREAMFUSION_PT_main)
settings = bpy.context.scene.dreamfusion
memory = {"builtin": draw(bpy.types.DREAMFUSION_PT_main)}
settings.prior = "sdxl"
memory["unchecked"] = draw(bpy.types.DREAMFUSION_PT_main)
session.state.check = doctor.DoctorCheck("/no/such/python", about=("sdxl", "sdxl"))
memory["checked"] = draw(bpy.types.DREAMFUSION_PT_main)
settings.preset = "quality"
memory["checked for another preset"] = draw(bpy.types.DREAMFUSION_PT_main)
settings.prior = "builtin"
# The note on the prompt, and the menu of presets.
notes = {}
for name, text in {
    "good": "a mug",
    "typo": "a rec mug",
    "unknown": "a guitar",
    "lines": "a mug\na car",
    "long": "x" * 2000,
    "two": "a mug on a table",
}.items():
    settings.prompt = text
    notes[name] = draw(bpy.types.DREAMFUSION_PT_main)
settings.prompt, settings.preset = "", "quality"
notes["preset"] = draw(bpy.types.DREAMFUSION_PT_main) + draw(bpy.types.DREAMFUSION_MT_presets)
settings.preset, settings.prior = "fast", "sdx1"
notes["model"] = draw(bpy.types.DREAMFUSION_PT_main)
settings.prior = "builtin"


def stages():
    """(name, function that prepares it) of all scenes for the panels of lights and placement."""

    def no_object():
        bpy.ops.wm.read_homefile(use_empty=True)

    def an_empty():
        bpy.ops.object.empty_add()

    def bare():
        bpy.ops.mesh.primitive_cube_add()

    def empty_slot():
        bare()
        bpy.context.object.data.materials.append(None)

    def painted(*kinds):
        bare()
        for kind in kinds:
            material = bpy.data.materials.new("paint")
            if bpy.app.version < (5, 0, 0):
                material.use_nodes = True
            nodes = material.node_tree.nodes
            if kind != "ShaderNodeBsdfPrincipled":
                nodes.clear()
                nodes.new(kind)
            bpy.context.object.data.materials.append(material)

    def with_map():
        painted("ShaderNodeBsdfPrincipled")
        tree = bpy.context.object.data.materials[0].node_tree
        shader = next(n for n in tree.nodes if n.type == "BSDF_PRINCIPLED")
        tree.links.new(tree.nodes.new("ShaderNodeTexImage").outputs["Color"], shader.inputs["Roughness"])

    def lit_and_turned():
        painted("ShaderNodeBsdfPrincipled")
        bpy.ops.dreamfusion.light_rig(rig="SKY")
        bpy.ops.dreamfusion.turntable()

    def in_photo():
        painted("ShaderNodeBsdfPrincipled")
        image = bpy.data.images.new("photo", 8, 8)
        settings = bpy.context.scene.dreamfusion_photo
        settings.image, settings.is_active, settings.has_other_lights = image, True, True
        settings.problem = "The ground point is not below the horizon."

    def editing():
        painted("ShaderNodeBsdfPrincipled")
        bpy.ops.object.mode_set(mode="EDIT")

    def unselected():
        painted("ShaderNodeBsdfPrincipled")
        bpy.context.object.select_set(False)
        bpy.context.view_layer.objects.active = None

    def with_list():
        bare()
        bpy.context.scene.dreamfusion.prompt_list = bpy.data.texts.new("Prompts")

    yield from locals().items()
    yield "principled", lambda: painted("ShaderNodeBsdfPrincipled")
    yield "emission first", lambda: painted("ShaderNodeEmission", "ShaderNodeBsdfPrincipled")
    yield "emission only", lambda: painted("ShaderNodeEmission")


stage_panels = [cls for cls in module("panels.stage").CLASSES if issubclass(cls, bpy.types.Panel)]
stage = {}
for name, prepare in stages():
    if name == "painted":
        continue
    bpy.ops.wm.read_homefile(use_empty=True)
    prepare()
    enabled.clear()
    texts = {cls.bl_idname: draw(cls) for cls in stage_panels}
    stage[name] = {"texts": texts, "enabled": list(enabled), "list": draw(bpy.types.DREAMFUSION_PT_list)}
preferences = bpy.context.preferences.addons[PACKAGE].preferences
preferences.python = "/no/such/python"
for good in (None, True, False):
    session.state.diagnosis = doctor.Diagnosis(good, "The summary.", ((True, "torch: 2"), (False, "disk: full")))
    kind = type(preferences)
    session.state.models = (
        models.ModelRow("one", "Model One", "2 GB, free", "https://example.org", is_here=True, share=1.0),
        models.ModelRow("two", "Model Two", "3 GB, gated", "https://example.org", is_here=False, share=0.4),
    )
    preferences.host = "me@box" if good else ""
    names = ("python", "install_python", "wheels", "torch_build", "jobs_folder", "on_quit", "models_folder", "mirror")
    names += ("run_on", "host", "host_folder", "host_python", "host_jobs")
    facts = {name: getattr(preferences, name) for name in names}
    texts = draw(kind, bl_rna=preferences.bl_rna, shows_models=good is not None, **facts)
answer(
    listed=listed,
    seen=seen,
    stage=stage,
    message=message,
    memory=memory,
    notes=notes,
    preferences=texts,
    textbox=hasattr(bpy.types.UILayout, "textbox"),
)
