"""What Blender holds: to find what grows over many repetitions. Also used in a window."""

import gc
import os
import sys
from itertools import pairwise
from pathlib import Path

import bpy


class Watch:
    """Compares what Blender holds now, after a warm-up, with what it holds after more repetitions."""

    def __init__(self, package):
        self._package, self._rss_kib = package, []
        self._before = self._census()

    def sample(self):
        """Called after each repetition."""
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self._rss_kib.append(pages * os.sysconf("SC_PAGE_SIZE") // 1024)

    def report(self):
        """The growth of every count, and of memory in KiB for each repetition.

        Blender and its graphics hold more at times and give it back. What each repetition leaves behind raises the least amount of
        each quarter, so that the smallest of these steps counts.
        """
        after, rss, quarter = self._census(), self._rss_kib, len(self._rss_kib) // 4
        least = [min(rss[number * quarter : (number + 1) * quarter]) for number in range(4)]
        kib = min(later - earlier for earlier, later in pairwise(least)) / quarter
        return {name: after[name] - self._before[name] for name in after} | {"KiB": round(kib, 2), "rss": rss[::10]}

    def _census(self):
        gc.collect()
        handlers = [getattr(bpy.app.handlers, name) for name in dir(bpy.app.handlers)]
        collections = [p.identifier for p in bpy.data.bl_rna.properties if p.type == "COLLECTION"]
        return {
            "data-blocks": sum(len(getattr(bpy.data, name)) for name in collections),
            "handlers": sum(len(functions) for functions in handlers if isinstance(functions, list)),
            "classes": sum(name.startswith("DREAMFUSION") for name in dir(bpy.types)),
            "open files": len(os.listdir("/proc/self/fd")),
            "threads": len(os.listdir("/proc/self/task")),
            "modules": sum(name.startswith(self._package) for name in sys.modules),
            "Python objects": sum(type(o).__module__.startswith(self._package) for o in gc.get_objects()),
        }


def growth(package, count, warm_up, action):
    """Repeats `action`. See `Watch.report`."""
    for number in range(warm_up):
        action(number)
    watch = Watch(package)
    for number in range(warm_up, count):
        action(number)
        watch.sample()
    return watch.report()
