"""The mesh renderer, compared with known geometry and with the ray tracer."""

import numpy as np
import pytest
import torch
import trimesh

from backend.asset.field_sampler import FieldSampler
from backend.asset.glb import encode_glb
from backend.asset.surface import extract_surface
from backend.asset.topology import vertex_normals
from backend.asset.unwrap import unwrap
from backend.config.mesh import MeshSettings
from backend.errors import UserError
from backend.lab.evaluate.glb_loader import load_glb
from backend.lab.evaluate.mesh_render import BACKGROUND, FILL, cameras_around, render_mesh
from backend.lab.evaluate.occupancy import middle_shape
from backend.lab.world.tracer import Shading, render
from backend.maths.color import srgb_encode
from tests.lab.evaluate.conftest import write_box

WHITE_HALF = float(srgb_encode(torch.tensor((1 + BACKGROUND) / 2)))
HALF = 255 * float(srgb_encode(torch.tensor(BACKGROUND / 2)))


def covered(picture):
    """[..., H, W]: pixels covered at least by half, for an object without red on the gray background."""
    return picture[..., 0] <= HALF


def test_a_ball_has_the_right_size_and_is_lit_from_above(tmp_path):
    path = tmp_path / "ball.glb"
    ball = trimesh.creation.icosphere(4)
    ball.visual.vertex_colors = np.tile(np.array((0, 0, 255, 255), np.uint8), (len(ball.vertices), 1))
    trimesh.Scene([ball]).export(path)
    (albedo,), (color,), (geo,) = render_mesh(load_glb(path), cameras_around([70.0], 30.0), 96)
    assert covered(color).mean() == pytest.approx(np.pi / 4 * FILL**2, abs=0.01)
    assert (albedo[color[..., 0] == 0] == (0, 0, 255)).all()  # unlit
    gray = geo.astype(int).mean(-1)
    assert gray[24, 48] > gray[72, 48] + 20
    assert gray[48, 72] > gray[48, 24] + 10


def test_color_is_textured_and_geo_is_not(tmp_path):
    path = write_box(tmp_path / "box.glb", (200, 10, 10))
    _, color, geo = render_mesh(load_glb(path), cameras_around([0.0, 90.0], 0.0), 48)
    middle = color[:, 24, 24].astype(int)
    assert (middle[:, 0] > middle[:, 1] + 60).all()
    assert (np.ptp(geo.astype(int), -1) == 0).all()


def test_near_surfaces_hide_far_ones(tmp_path):
    """In glTF, y is up and the front is at +z, so a plate at +z hides one at -z in the front view."""
    scene = trimesh.Scene()
    for depth, color in ((0.5, (255, 0, 0, 255)), (-0.5, (0, 0, 255, 255))):
        plate = trimesh.creation.box((1, 1, 0.01), transform=trimesh.transformations.translation_matrix((0, 0, depth)))
        plate.visual.vertex_colors = np.tile(np.array(color, np.uint8), (len(plate.vertices), 1))
        scene.add_geometry(plate)
    scene.export(tmp_path / "plates.glb")
    _, (front, back), _ = render_mesh(load_glb(tmp_path / "plates.glb"), cameras_around([0.0, 180.0], 0.0), 32)
    assert front[16, 16, 0] > 100 > front[16, 16, 2]
    assert back[16, 16, 2] > 100 > back[16, 16, 0]


def test_exported_assets_match_the_ray_tracer(tmp_path):
    """A mug, with its handle on the right and its texture upright."""
    shape = middle_shape("mug")
    mesh = extract_surface(FieldSampler(shape, 1 << 16), MeshSettings(resolution=96, iso_level=1.0)).mesh
    unwrapped = unwrap(mesh, 128, 2)
    pixels = np.full((128, 128, 3), (0, 60, 220), np.uint8)
    data = encode_glb(mesh, vertex_normals(mesh), unwrapped, pixels, 0.7)
    (tmp_path / "mug.glb").write_bytes(data)
    azimuths = [0.0, 45.0, 200.0]
    cameras = cameras_around(azimuths, 30.0)
    _, color, _ = render_mesh(load_glb(tmp_path / "mug.glb"), cameras, 64)
    backdrop = torch.full((3, 64, 64, 3), BACKGROUND)
    shading = Shading(cameras.position, torch.ones(3), torch.zeros(3, dtype=torch.bool))
    traced = torch.cat([_trace_one(shape._objects, cameras, shading, backdrop, i) for i in range(3)])
    ours, theirs = covered(color), traced.numpy()[..., 0] > WHITE_HALF
    # Not identical, because `load_glb` scales the object again.
    assert (ours & theirs).sum() / (ours | theirs).sum() > 0.87
    assert (ours & theirs[..., ::-1]).sum() / (ours | theirs[..., ::-1]).sum() < 0.84
    assert np.median(color[0][covered(color[0])].astype(int), 0).argmax() == 2


def _trace_one(objects, cameras, shading, backdrop, row):
    part = slice(row, row + 1)
    camera = type(cameras)(
        *(getattr(cameras, name)[part] for name in ("position", "rotation", "focal", "azimuth", "elevation"))
    )
    one = Shading(shading.light[part], shading.ambient[part], shading.textured[part])
    return render(objects, camera, one, backdrop[part])


def test_a_broken_mesh_is_an_error(tmp_path):
    (tmp_path / "broken.glb").write_bytes(b"glTF\x02\x00\x00\x00")
    with pytest.raises(UserError, match="Cannot read the mesh"):
        load_glb(tmp_path / "broken.glb")
