"""Draws every panel and the preferences in many states onto a layout that knows Blender's own functions.

There is no window here; the layout refuses every function, argument, icon, property and operator that this Blender's
`UILayout` would refuse, and records the words.
"""

import bpy
from common import PACKAGE, answer, enable, module

FUNCTIONS = bpy.types.UILayout.bl_rna.functions
ICONS = set(FUNCTIONS["label"].parameters["icon"].enum_items.keys())


class StrictLayout:
    def __init__(self, words):
        self.words = words

    def __setattr__(self, name, value):
        if name != "words":
            assert name in bpy.types.UILayout.bl_rna.properties, name
        object.__setattr__(self, name, value)

    def __getattr__(self, name):
        if name not in FUNCTIONS:
            raise AttributeError(name)
        parameters = FUNCTIONS[name].parameters

        def call(*positional, **named):
            inputs = [p for p in parameters if not p.is_output]
            given = dict(zip([p.identifier for p in inputs], positional, strict=False))
            assert not set(given) & set(named)
            given |= named
            assert set(given) <= {p.identifier for p in inputs}, (name, given)
            assert {p.identifier for p in inputs if p.is_required} <= set(given), (name, given)
            if "icon" in given:
                assert given["icon"] in ICONS, given["icon"]
            if given.get("text"):
                self.words.append(given["text"])
            if name in ("prop", "textbox"):
                assert given["property"] in given["data"].bl_rna.properties, given
            if name == "operator":
                group, _, verb = given["operator"].partition(".")
                kind = getattr(getattr(bpy.ops, group), verb).get_rna_type()
                return StrictProperties(kind.properties.keys())
            return StrictLayout(self.words)

        return call


class StrictProperties:
    def __init__(self, names):
        object.__setattr__(self, "names", names)

    def __setattr__(self, name, value):
        assert name in self.names, name


class Region:
    width = 320


class Context:
    region = Region()
    scene = bpy.context.scene
    window_manager = bpy.context.window_manager
    mode = bpy.context.mode
    view_layer = bpy.context.view_layer
    preferences = bpy.context.preferences


def draw(cls, **facts):
    words = []

    class Holder:
        layout = StrictLayout(words)

    for name, value in facts.items():
        setattr(Holder, name, value)
    cls.draw(Holder, Context())
    return words


enable()
panels, session, present = module("panels"), module("session"), module("core.present")
contract, doctor, history = module("backend.contract"), module("core.doctor"), module("core.history")
models = module("core.models")
seen = {}
uid = Context.scene.session_uid
for status in present.STATUS_WORDS:
    for arrival in present.Arrival:
        state = contract.JobState(
            status=status,
            phase="optimising",
            step=3,
            total=9,
            eta_s=5.0,
            warnings=("It does not know the word shiny. " * 4,),
            error="It broke: mend it. " * 5,
        )
        view = present.view_job("id", contract.JobRequest("id", "", "a mug " * 40), state, arrival=arrival)
        session.state.views = {"id": view}
        session.state.live = (view,)
        session.state.history = history.page_of(["id"] * 9, {"id": view}, "", 1)
        session.state.current[uid] = "id"
        words = [w for cls in panels.CLASSES for w in draw(cls)]
        seen[f"{status} {arrival.value}"] = any(view.headline in w for w in words)
session.state.notices[uid] = present.Notice("Do it so.", actions=(present.OPEN_PREFERENCES,))
notice = draw(panels.DREAMFUSION_PT_main)
preferences = bpy.context.preferences.addons[PACKAGE].preferences
preferences.python = "/no/such/python"
for good in (None, True, False):
    session.state.diagnosis = doctor.Diagnosis(good, "So it is.", ((True, "torch: 2"), (False, "disk: full")))
    kind = type(preferences)
    session.state.models = (
        models.ModelRow("one", "Model One", "2 GB, free", "https://example.org", is_here=True, share=1.0),
        models.ModelRow("two", "Model Two", "3 GB, gated", "https://example.org", is_here=False, share=0.4),
    )
    names = ("python", "wheels", "jobs_folder", "on_quit", "models_folder", "mirror")
    facts = {name: getattr(preferences, name) for name in names}
    words = draw(kind, bl_rna=preferences.bl_rna, shows_models=good is not None, **facts)
answer(seen=seen, notice=notice, preferences=words, textbox=hasattr(bpy.types.UILayout, "textbox"))
