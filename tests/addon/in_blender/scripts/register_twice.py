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
        "handlers": sum(f.__module__.startswith(PACKAGE) for f in bpy.app.handlers.load_post),
        "save_handlers": sum(
            f.__module__.startswith(PACKAGE)
            for name in ("save_pre", "save_post", "save_post_fail", "blend_import_post")
            for f in getattr(bpy.app.handlers, name, ())
        ),
        "images": [i.name for i in bpy.data.images if i.name.startswith(".")],
    }


enable()
first = present()
timer = module("pump")._on_timer
timers = [bpy.app.timers.is_registered(timer)]
verbs = sorted({a.verb for a in vars(module("core.present")).values() if isinstance(a, module("core.present").Action)})
bpy.ops.preferences.addon_disable(module=PACKAGE)
after = present()
timers.append(bpy.app.timers.is_registered(timer))
enable()
enable()
again = present()
bpy.ops.preferences.addon_disable(module=PACKAGE)
answer(first=first, after=after, again=again, last=present(), timers=timers, verbs=verbs)
