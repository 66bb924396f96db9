"""Measures the import of a mesh, for the first import of the session and the next.

import_time.py GLB
"""

import sys
import time
from pathlib import Path

import bpy
from common import answer, enable, module

enable()
importer, request = module("importer"), module("backend.jobs.request")
times = []
for _ in range(2):
    clock, work = time.perf_counter(), time.process_time()
    obj = importer.import_result(Path(sys.argv[1]), request.new_job("a mug"), bpy.context.scene, (0, 0, 0))
    times.append([time.process_time() - work, time.perf_counter() - clock])
image = next(n.image for n in obj.data.materials[0].node_tree.nodes if n.type == "TEX_IMAGE")
answer(first=times[0], second=times[1], faces=len(obj.data.polygons), texture=list(image.size))
