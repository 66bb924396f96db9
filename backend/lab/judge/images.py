"""Labeled training pictures of the judge.

They show the procedural world, but differ from the built-in model's training pictures: other seeds, wider and stretched
proportions, and every color on every kind. A judge trained on the same pictures could have the same errors as the
model.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import normalize

from ...guidance.view_conditions import SHADED, TEXTURELESS, UNLIT
from ...maths.color import srgb_decode, srgb_encode
from ...maths.shading import lambert, occlude
from ..world import materials
from ..world.captions import Subject
from ..world.kinds import KINDS, Kind
from ..world.pictures import draw_backgrounds
from ..world.scene import paint
from ..world.vocabulary import COLORS
from .gbuffer import SIZE_WORDS, GBuffer

STYLE_SHARES = ((UNLIT, 0.35), (SHADED, 0.45), (TEXTURELESS, 0.20))
PLAIN, NATURAL, NAMED_ACCENT = 0.65, 0.1, 0.25  # shares of the pictures
OCCLUDED = 0.7  # share of the pictures with ambient occlusion; renders of meshes have none
AMBIENT = (0.08, 0.35)  # range in shaded pictures; the built-in model's have 0.1
_KINDS = tuple(KINDS.values())
_PARTS = max(len(kind.parts) for kind in _KINDS)
_IS_MAIN = torch.tensor(
    [[index < len(k.parts) and k.parts[index].role == "main" for index in range(_PARTS)] for k in _KINDS]
)


@dataclass(frozen=True)
class Label:
    """The contents of a picture."""

    subject: Subject
    color: str  # of the main part, even if the subject does not name it
    style: str

    @property
    def shows_color(self) -> bool:
        return self.style != TEXTURELESS


def draw_label(kind: Kind, size: str | None, rng: random.Random) -> tuple[Label, list[str]]:
    """Returns a random label, and the color words of the kind's parts followed by that of the pattern.

    Every kind can have every color.
    """
    style = rng.choices([s for s, _ in STYLE_SHARES], [share for _, share in STYLE_SHARES])[0]
    names = [name for name in materials.NAMES if name != "plain"]
    material = "plain" if rng.random() < PLAIN else rng.choice(names)
    main = rng.choice(tuple(COLORS))
    named = rng.random() >= NATURAL
    accent = kind.accent
    other = rng.choice(tuple(COLORS)) if accent and named and rng.random() < NAMED_ACCENT else None
    words = kind.colors(main, other)
    patterned = materials.MATERIALS[material].noun is not None
    second = rng.choice([word for word in COLORS if word != main]) if patterned and named else None
    with_accent = (other, accent.name) if other and accent else None
    subject = Subject(kind.name, main if named else None, size, material, second, with_accent)
    return Label(subject, main, style), [*words, second or ("black" if sum(COLORS[main]) > 2.2 else "white")]


@torch.no_grad()
def paint_images(views: GBuffer, rng: random.Random, generator: torch.Generator) -> tuple[Tensor, list[Label]]:
    """Shades views with random colors, materials, lights and backgrounds: sRGB [B, 3, H, W] in [0, 1], and labels."""
    kinds = [_KINDS[number] for number in views.kind.tolist()]
    drawn = [draw_label(kind, SIZE_WORDS[size], rng) for kind, size in zip(kinds, views.size.tolist(), strict=True)]
    labels, words = [label for label, _ in drawn], [found for _, found in drawn]
    colors = _paints(words, generator)
    owner, *pixel = torch.nonzero(views.alpha, as_tuple=True)
    points, normals = (values[owner, pixel[0], pixel[1]].float() for values in (views.points, views.normals))
    part = views.part[owner, pixel[0], pixel[1]].long()
    first, second = colors[owner, part], colors[owner, _PARTS]
    which = torch.tensor([materials.NAMES.index(label.subject.material) for label in labels])
    main = _IS_MAIN[views.kind.long()][owner, part]
    albedo = materials.color_surface(torch.where(main, which[owner], 0), points, normals, first, second)
    textureless = torch.tensor([not label.shows_color for label in labels])
    albedo = torch.where(textureless[owner, None], 1.0, albedo)
    image = draw_backgrounds(len(views), views.alpha.shape[-1], generator).clone()
    alpha = views.alpha[owner, pixel[0], pixel[1], None].float() / 255
    occlusion = views.ambient_occlusion[owner, pixel[0], pixel[1], None].float() / 255
    occlusion = torch.where((torch.rand(len(views), generator=generator) < OCCLUDED)[owner, None], occlusion, 1.0)
    shaded = albedo * _shade(views, labels, owner, points, normals, occlusion, generator)
    image[owner, pixel[0], pixel[1]] = torch.lerp(image[owner, pixel[0], pixel[1]], shaded, alpha)
    return srgb_encode(image.clamp(0, 1)).permute(0, 3, 1, 2), labels


def _paints(words: list[list[str]], generator: torch.Generator) -> Tensor:
    """[B, _PARTS + 1, 3]: linear RGB, the pattern's color last. Parts with the same color word have the same color."""
    padded = [[*found[:-1], *["white"] * (_PARTS + 1 - len(found)), found[-1]] for found in words]
    colors = paint(padded, generator)
    for row, found in enumerate(words):
        for index, word in enumerate(found[:-1]):
            colors[row, index] = colors[row, found.index(word)]
    return srgb_decode(colors)


def _shade(
    views: GBuffer,
    labels: list[Label],
    owner: Tensor,
    points: Tensor,
    normals: Tensor,
    occlusion: Tensor,
    generator: torch.Generator,
) -> Tensor:
    """[M, 1]: ambient and diffuse light from a random point light near the camera's direction, with ambient occlusion.

    owner [M]: the picture of each pixel; occlusion [M, 1]: 1 is unoccluded.
    """
    count = len(views)
    direction = views.position + torch.randn(count, 3, generator=generator)
    light = normalize(direction, dim=-1) * (0.8 + 0.7 * torch.rand(count, 1, generator=generator))
    ambient = AMBIENT[0] + (AMBIENT[1] - AMBIENT[0]) * torch.rand(count, generator=generator)
    ambient = torch.where(torch.tensor([label.style == UNLIT for label in labels]), 1.0, ambient)[owner, None]
    return occlude(lambert(normals, points, light[owner], ambient), ambient, occlusion)
