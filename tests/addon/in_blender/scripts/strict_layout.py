"""A layout that checks every call, for drawing panels without a window.

It rejects every function, argument, icon, property and operator that `UILayout` of this Blender version would reject, and
records the texts.
"""

import bpy

FUNCTIONS = bpy.types.UILayout.bl_rna.functions
ICONS = set(FUNCTIONS["label"].parameters["icon"].enum_items.keys())


class StrictLayout:
    def __init__(self, texts):
        self.texts = texts

    def __setattr__(self, name, value):
        if name != "texts":
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
                self.texts.append(given["text"])
            if name in ("prop", "textbox"):
                assert given["property"] in given["data"].bl_rna.properties, given
                drawn_properties.append(given["property"])
            if name == "operator":
                drawn_operators.append(given["operator"])
                group, _, verb = given["operator"].partition(".")
                kind = getattr(getattr(bpy.ops, group), verb).get_rna_type()
                return StrictProperties(kind.properties)
            return StrictLayout(self.texts)

        return call


class StrictProperties:
    """Properties of an operator. Accepts only known names and known enum items."""

    def __init__(self, known):
        object.__setattr__(self, "known", known)

    def __setattr__(self, name, value):
        assert name in self.known, name
        if self.known[name].type == "ENUM":
            assert value in self.known[name].enum_items, (name, value)


class Region:
    width = 320


class Context:
    region = Region()

    def __getattr__(self, name):
        return getattr(bpy.context, name)


drawn_operators = []
drawn_properties = []
enabled = []  # `layout.enabled` of every drawn panel


def draw(cls, **facts):
    texts = []

    class Holder:
        layout = StrictLayout(texts)

    for name, value in facts.items():
        setattr(Holder, name, value)
    cls.draw(Holder, Context())
    enabled.append(Holder.layout.__dict__.get("enabled", True))
    return texts
