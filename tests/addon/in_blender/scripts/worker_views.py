"""Imports assets like the add-on and renders each one from given cameras, unlit or with a point light.

worker_views.py TASKS.json: [{"mesh", "output", "size_px", "views": [{"position", "rotation", "focal", "light"?}]}]; writes
`output` as .npy, float32 [views, H, W, 4]: linear light, premultiplied, top row first.
"""

import json
import os
import sys
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable, module
from mathutils import Matrix, Vector

SENSOR_MM = 36.0


def main() -> None:
    enable()
    bpy.ops.preferences.addon_enable(module="cycles")
    requests = module("backend.jobs.request")
    facts = []
    for task in json.loads(Path(sys.argv[1]).read_text()):
        bpy.ops.wm.read_homefile(use_empty=True)
        scene = bpy.context.scene
        request = requests.new_job("a known object")
        obj = module("importer").import_result(Path(task["mesh"]), request, scene, (0.0, 0.0, 0.0))
        obj.location = bottom_of(Path(task["mesh"]))  # the importer moves the origin there
        obj.data.materials[0].name = "imported"
        set_up_render(scene, task["size_px"])
        camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
        scene.collection.objects.link(camera)
        scene.camera = camera
        pictures = []
        for view in task["views"]:
            aim(camera, view)
            lamp = add_light(scene, view["light"]) if "light" in view else None
            set_emission(obj.data.materials[0], lamp is None)
            pictures.append(render(scene, Path(task["output"]).with_suffix(".exr")))
            if lamp:
                bpy.data.objects.remove(lamp)
        np.save(task["output"], np.stack(pictures))
        facts.append({"faces": len(obj.data.polygons), "images": [i.name for i in bpy.data.images if i.packed_file]})
    answer(facts=facts)


def bottom_of(glb):
    """The center of the bottom of the mesh in the file, in Blender's axes (glTF has y up and z to the front)."""
    data = glb.read_bytes()
    content = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])
    position = content["accessors"][content["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]
    low, high = np.array(position["min"]), np.array(position["max"])
    return ((low[0] + high[0]) / 2, -(low[2] + high[2]) / 2, low[1])


def set_up_render(scene, size_px):
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = 8
    scene.cycles.use_denoising = False
    scene.cycles.use_adaptive_sampling = False
    scene.cycles.pixel_filter_type = "BOX"
    scene.cycles.max_bounces = 0
    scene.render.filter_size = 1.0
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.film_transparent = True
    scene.render.use_persistent_data = True
    scene.render.resolution_x = scene.render.resolution_y = size_px
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_mode = "RGBA"
    scene.render.image_settings.color_depth = "32"


def aim(camera, view):
    """The worker's cameras look along -z with y up, like Blender's."""
    camera.matrix_world = Matrix.Translation(Vector(view["position"])) @ Matrix(view["rotation"]).to_4x4()
    camera.data.sensor_fit = "HORIZONTAL"
    camera.data.sensor_width = SENSOR_MM
    camera.data.lens = view["focal"] * SENSOR_MM
    camera.data.clip_start = 0.01


def add_light(scene, place):
    data = bpy.data.lights.new("Point", "POINT")
    data.energy, data.shadow_soft_size = 40.0, 0.0
    lamp = bpy.data.objects.new("Point", data)
    lamp.location = place
    scene.collection.objects.link(lamp)
    return lamp


def set_emission(material, unlit):
    """Makes the material emit its base color, or restores the imported material."""
    tree = material.node_tree
    output = next(n for n in tree.nodes if n.type == "OUTPUT_MATERIAL")
    principled = next(n for n in tree.nodes if n.type == "BSDF_PRINCIPLED")
    emission = tree.nodes.get("Unlit") or tree.nodes.new("ShaderNodeEmission")
    emission.name = "Unlit"
    tree.links.new(principled.inputs["Base Color"].links[0].from_socket, emission.inputs["Color"])
    tree.links.new((emission if unlit else principled).outputs[0], output.inputs["Surface"])


def render(scene, file):
    scene.render.filepath = str(file)
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(str(file))
    image.alpha_mode = "PREMUL"
    width, height = image.size
    pixels = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    return pixels.reshape(height, width, 4)[::-1]


main()
os._exit(0)  # after a render, the `bpy` package sometimes does not exit
