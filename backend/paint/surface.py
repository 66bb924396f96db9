"""The mesh to paint, in the frame of the job, with its present colors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import grid_sample

from ..asset.topology import Mesh
from ..inputs.mesh_file import InputMesh
from ..inputs.placement import Placement
from ..refine.contour import build_edges
from ..refine.render import RenderMesh


@dataclass(frozen=True)
class Surface:
    """A mesh to paint.

    Attributes:
        mesh: in the frame of the job; vertices at the same position are one, so that normals are smooth across UV seams.
        source: what the add-on sent.
        sheets: the present texture of each sheet, [H, W, 3] uint8 sRGB, top row first. Sheets may differ in size.
    """

    mesh: Mesh
    source: InputMesh
    sheets: tuple[NDArray[np.uint8], ...]

    @staticmethod
    def of(source: InputMesh, pictures: dict[int, NDArray[np.uint8]] | None = None) -> Surface:
        """pictures: the present texture of some sheets, by number; the others have one color."""
        placement = Placement.of_mesh(source)
        mesh = Mesh(placement.to_frame(source.vertices), source.faces)
        plain = source.colors[:, None, None]
        sheets = tuple((pictures or {}).get(number, plain[number]) for number in range(len(plain)))
        return Surface(mesh, source, sheets)

    def to_render(self, device: torch.device) -> RenderMesh:
        """For the renderer. Its `uv_faces` number the corners one by one."""
        count = len(self.mesh.faces)
        uv = self.source.uv.reshape(-1, 2) if self.source.has_uv else np.zeros((3 * count, 2), np.float32)
        return RenderMesh(
            torch.from_numpy(self.mesh.faces).to(device),
            torch.arange(3 * count, device=device).view(count, 3),
            torch.from_numpy(uv).to(device),
            build_edges(self.mesh, device),
        )


def look_up(sheets: list[Tensor], sheet: Tensor, uv: Tensor) -> Tensor:
    """Colors [N, 3] at uv [N, 2] of each point's sheet [N]; sheets [1, 3, H, W], top row first."""
    colors = uv.new_zeros(len(uv), 3)
    for number, texture in enumerate(sheets):
        rows = torch.nonzero(sheet == number)[:, 0]
        grid = torch.stack((2 * uv[rows, 0] - 1, 1 - 2 * uv[rows, 1]), -1)
        found = grid_sample(texture, grid[None, None], padding_mode="border", align_corners=False)
        colors = colors.index_put((rows,), found[0, :, 0].T)
    return colors
