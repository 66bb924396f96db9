"""G-buffers of the judge's training views: traced once, then shaded with new colors and lights for every use.

Ray tracing takes most of the time, and one traced view serves for pictures in any color, material and light.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from ...maths.ambient_occlusion import ambient_occlusion
from ...maths.cameras import Cameras, pixel_rays
from ..world.dataset import WORLD
from ..world.kinds import KINDS, Kind
from ..world.pictures import draw_cameras
from ..world.scene import Objects, draw_sizes, place
from ..world.tracer import SKY_BOUND, normals_at, sky_over, trace
from ..world.vocabulary import NEVER_SIZED, SIZES, Form

WIDER = 1.25  # width of the ranges of proportions, relative to those of the built-in model's training pictures
STRETCH = 0.12  # largest relative stretch of an object along each axis
SIZED = 0.12  # share of the objects with a size word
# Above every seed of the built-in model's pictures (1,000 times the shard's number, plus the kind's).
FIRST_SEED = 50_000_000
SIZE_WORDS = (None, *SIZES)


@dataclass(frozen=True)
class GBuffer:
    """N views without colors and light."""

    alpha: Tensor  # [N, H, W] uint8: share of a pixel that the object covers, 0 to 255
    part: Tensor  # [N, H, W] uint8: index of the part of the kind
    ambient_occlusion: Tensor  # [N, H, W] uint8: 255 is unoccluded
    points: Tensor  # [N, H, W, 3] float16: world space
    normals: Tensor  # [N, H, W, 3] float16: world space
    position: Tensor  # [N, 3]: of the camera
    kind: Tensor  # [N] uint8: index into `KINDS`
    size: Tensor  # [N] uint8: index into `SIZE_WORDS`

    def __len__(self) -> int:
        return len(self.alpha)

    def __getitem__(self, rows: Tensor) -> GBuffer:
        return GBuffer(*(getattr(self, entry.name)[rows] for entry in fields(self)))


def widened(kind: Kind, factor: float = WIDER) -> Kind:
    """Returns the kind with all ranges of proportions `factor` times as wide. Lengths stay above half their minimum."""
    sizes = {}
    for name, (low, high) in kind.sizes.items():
        more = (factor - 1) * (high - low) / 2
        sizes[name] = (max(low - more, 0.5 * low) if low >= 0 else low - more, high + more)
    return replace(kind, sizes=sizes)


def draw_objects(kind: Kind, size: Tensor, wider: float, generator: torch.Generator) -> Objects:
    """Returns random objects [B] without colors. size [B]: indices into `SIZE_WORDS`; wider: see `widened`."""
    words = [SIZE_WORDS[number] for number in size.tolist()]
    forms = [SIZES[word] if word else Form((1.0, 1.0, 1.0)) for word in words]
    amount = STRETCH if wider > 1 and kind.name not in NEVER_SIZED else 0.0
    warp = torch.exp(amount * (2 * torch.rand(len(size), 3, generator=generator) - 1))
    sizes = draw_sizes(widened(kind, wider), len(size), generator)
    sizes["stretch"] = torch.tensor([form.stretch for form in forms]) * warp
    center, scale = place(kind, sizes)
    blank = torch.zeros(len(size), len(kind.parts), 3)
    return Objects(kind, sizes, center, scale / torch.tensor([form.radius for form in forms]), blank)


def draw_size_words(kind: Kind, count: int, generator: torch.Generator) -> Tensor:
    """[B]: random indices into `SIZE_WORDS`. Most objects have no size word."""
    some = torch.randint(1, len(SIZE_WORDS), (count,), generator=generator)
    sized = torch.rand(count, generator=generator) < (0.0 if kind.name in NEVER_SIZED else SIZED)
    return torch.where(sized, some, 0).to(torch.uint8)


@torch.no_grad()
def trace_gbuffer(kind: Kind, count: int, seed: int, size_px: int = 64, wider: float = WIDER) -> GBuffer:
    """Traces `count` views of different objects of one kind, with one ray per pixel and four more at silhouettes."""
    generator = torch.Generator().manual_seed(seed)
    size = draw_size_words(kind, count, generator)
    objects, cameras = draw_objects(kind, size, wider, generator), draw_cameras(count, generator)
    owner = torch.arange(count).repeat_interleave(size_px * size_px)
    rays_o, rays_d = (rays.reshape(-1, 3).clone() for rays in pixel_rays(cameras, size_px))
    hit, t = trace(objects, rays_o, rays_d, owner)
    alpha = hit.float()
    outline = _outline(hit.view(count, size_px, size_px)).view(-1)
    fine_o, fine_d = (_fine(rays, count, size_px)[outline] for rays in pixel_rays(cameras, 2 * size_px))
    fine_owner = owner[outline].repeat_interleave(4)
    fine_hit, fine_t = trace(objects, fine_o.reshape(-1, 3), fine_d.reshape(-1, 3), fine_owner)
    fine_hit, fine_t = fine_hit.view(-1, 4), fine_t.view(-1, 4)
    alpha[outline] = fine_hit.float().mean(1)
    # A pixel whose center ray misses shows the first hit among its four additional rays.
    first, rows = fine_hit.float().argmax(1), torch.arange(len(fine_hit))
    use = fine_hit.any(1) & ~hit[outline]
    where = torch.nonzero(outline)[:, 0][use]
    rays_o[where], rays_d[where] = fine_o[rows, first][use], fine_d[rows, first][use]
    t[where], hit[where] = fine_t[rows, first][use], True
    alpha[~hit] = 0.0
    return _pack(kind, objects, cameras, size, hit, rays_o + t[:, None] * rays_d, alpha, owner, size_px)


def _pack(
    kind: Kind,
    objects: Objects,
    cameras: Cameras,
    size: Tensor,
    hit: Tensor,
    points: Tensor,
    alpha: Tensor,
    owner: Tensor,
    size_px: int,
) -> GBuffer:
    count, shape = len(cameras), (len(cameras), size_px, size_px)
    normals, part = torch.zeros_like(points), torch.zeros(len(points), dtype=torch.uint8)
    normals[hit] = normals_at(objects, points[hit], owner[hit])
    sky = sky_over(objects, count, points.device)
    occlusion = torch.zeros(len(points), dtype=torch.uint8)
    visible = ambient_occlusion(sky, SKY_BOUND, points[hit], normals[hit], owner[hit])[:, 0]
    occlusion[hit] = (visible * 255).round().to(torch.uint8)
    part[hit] = objects.distances(points[hit], owner[hit]).argmin(-1).to(torch.uint8)
    return GBuffer(
        (alpha * 255).round().to(torch.uint8).view(shape),
        part.view(shape),
        occlusion.view(shape),
        torch.where(hit[:, None], points, 0.0).half().view(*shape, 3),
        normals.half().view(*shape, 3),
        cameras.position,
        torch.full((count,), list(KINDS).index(kind.name), dtype=torch.uint8),
        size,
    )


def _outline(hit: Tensor) -> Tensor:
    """[N, H, W] bool: pixels at the silhouette, on both sides. hit [N, H, W]."""
    edge = torch.zeros_like(hit)
    down, across = hit[:, 1:] != hit[:, :-1], hit[:, :, 1:] != hit[:, :, :-1]
    edge[:, 1:] |= down
    edge[:, :-1] |= down
    edge[:, :, 1:] |= across
    edge[:, :, :-1] |= across
    return edge


def _fine(rays: Tensor, count: int, size_px: int) -> Tensor:
    """Groups rays of twice the resolution [N, 4 H W, 3] by pixel: [N H W, 4, 3]."""
    return rays.view(count, size_px, 2, size_px, 2, 3).transpose(2, 3).reshape(-1, 4, 3)


def load_gbuffer(
    folder: Path, per_kind: int, progress: Callable[[int], None] = lambda done: None, first_seed: int = FIRST_SEED
) -> GBuffer:
    """Loads `per_kind` views of every kind from the folder, one file per kind. Missing files are traced first.

    progress receives the number of kinds that are loaded.
    """
    folder = folder / f"judge-gbuffer-world{WORLD}-{first_seed}-{per_kind}"
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for number, kind in enumerate(KINDS.values()):
        path = folder / f"{kind.name}.safetensors"
        if not path.exists():
            drawn = trace_gbuffer(kind, per_kind, first_seed + number)
            temporary = path.with_suffix(".tmp")
            save_file({entry.name: getattr(drawn, entry.name).contiguous() for entry in fields(drawn)}, temporary)
            temporary.replace(path)
        parts.append(load_file(path))
        progress(number + 1)
    return GBuffer(*(torch.cat([part[entry.name] for part in parts]) for entry in fields(GBuffer)))
