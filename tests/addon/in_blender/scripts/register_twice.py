"""Enables and disables the extension twice, and lists what is registered."""

import bpy
from common import PACKAGE, answer, enable, module


def present():
    return {
        "classes": sorted(n for n in dir(bpy.types) if n.startswith("DREAMFUSION")),
        "scene": hasattr(bpy.types.Scene, "dreamfusion"),
        "search": hasattr(bpy.types.WindowManager, "dreamfusion_search"),
        "operators": [n for n in dir(bpy.ops.dreamfusion) if not n.startswith("_")],
        "menus": sum(
            f.__module__.startswith(PACKAGE)
            for menu in (bpy.types.VIEW3D_MT_add, bpy.types.VIEW3D_MT_object)
            for f in getattr(menu.draw, "_draw_funcs", ())
        ),
        "handlers": sorted(
            f"{name} {f.__name__}"
            for name in dir(bpy.app.handlers)
            if isinstance(functions := getattr(bpy.app.handlers, name), list)
            for f in functions
            if f.__module__.startswith(PACKAGE)
        ),
        "images": [i.name for i in bpy.data.images if i.name.startswith(".")],
    }


enable()
first = present()
timer = module("pump")._on_timer
timers = [bpy.app.timers.is_registered(timer)]
actions = module("core.actions")
verbs = sorted({a.verb for a in vars(actions).values() if isinstance(a, actions.Action)})
bpy.ops.preferences.addon_disable(module=PACKAGE)
after = present()
timers.append(bpy.app.timers.is_registered(timer))
enable()
enable()
again = present()
bpy.ops.preferences.addon_disable(module=PACKAGE)
answer(first=first, after=after, again=again, last=present(), timers=timers, verbs=verbs)
