"""The paper's field: a residual network on integrated positional encodings, with proposal and background networks."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..maths.color import srgb_decode
from .encoding import integrated_encoding

_MAX_LOG_DENSITY = 10.0  # exp(10) per unit of length is opaque within a thousandth of a unit
_CHUNK = 32_768  # points per pass outside the optimization: bounds the memory


class ResidualBlock(nn.Module):
    """x + Linear(SiLU(Linear(LayerNorm(x)))).

    The paper states residual blocks with SiLU and layer normalization between them (appendix A.2). Two linear layers
    per block and normalization at the input are choices of this implementation.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.inner(x)
        return out


class MlpField(nn.Module):
    """density = exp(MLP) + blob, albedo = srgb_decode(sigmoid(MLP)), without view dependence (paper, appendix A.2).

    Args:
        octaves: L of the encoding.
        width, blocks: size of the residual network.
        bound: radius of the sphere around the origin that contains the scene. Density is 0 outside.
        blob_density, blob_radius: peak and standard deviation of the Gaussian that is added to the activated density.
        start_density: initial density of the network, everywhere. This is a choice of this implementation: an
            untrained head would give 1, which fills the sphere with fog that hides the blob.
    """

    def __init__(
        self,
        octaves: int = 8,
        width: int = 128,
        blocks: int = 5,
        bound: float = 1.4,
        blob_density: float = 5.0,
        blob_radius: float = 0.2,
        start_density: float = 0.05,
    ) -> None:
        super().__init__()
        self.octaves, self.bound = octaves, bound
        self.blob_density, self.blob_radius = blob_density, blob_radius
        # Variance of the encoding's Gaussians, annealed by the scene. A buffer, so that checkpoints contain it.
        self.variance: Tensor
        self.register_buffer("variance", torch.tensor(0.0))
        self.first = nn.Linear(6 * octaves, width)
        self.blocks = nn.Sequential(*(ResidualBlock(width) for _ in range(blocks)))
        self.head = nn.Sequential(nn.LayerNorm(width), nn.SiLU(), nn.Linear(width, 4))
        last = self.head[-1]
        assert isinstance(last, nn.Linear)
        nn.init.normal_(last.weight, std=1e-2)
        with torch.no_grad():
            last.bias.copy_(torch.tensor([start_density, 1.0, 1.0, 1.0]).log())

    def forward(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """points [N, 3] -> density [N], albedo [N, 3] in linear light. Differentiable; not cut off at `bound`."""
        out = self.head(self.blocks(self.first(integrated_encoding(points, self.variance, self.octaves))))
        blob = self.blob_density * torch.exp(-points.square().sum(-1) / (2 * self.blob_radius**2))
        return torch.exp(out[:, 0].clamp_max(_MAX_LOG_DENSITY)) + blob, srgb_decode(torch.sigmoid(out[:, 1:]))

    def with_normals(self, points: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """points [N, 3] -> density [N], albedo [N, 3], outward unit normal [N, 3].

        The normal is -grad(density) / |grad(density)|, computed analytically (paper, section 3.1). It is part of the
        graph, so that shading changes the geometry.
        """
        create_graph = torch.is_grad_enabled()
        with torch.enable_grad():
            inputs = points if points.requires_grad else points.detach().requires_grad_(True)
            density, albedo = self(inputs)
            (gradient,) = torch.autograd.grad(density.sum(), inputs, create_graph=create_graph)
        return density, albedo, -gradient / gradient.norm(dim=-1, keepdim=True).clamp_min(1e-8)

    @torch.no_grad()
    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """See `Field.query`."""
        parts = [self(chunk) for chunk in points.split(_CHUNK)] or [self(points)]
        density, albedo = torch.cat([d for d, _ in parts]), torch.cat([a for _, a in parts])
        return torch.where(points.norm(dim=-1) <= self.bound, density, 0.0), albedo

    def density(self, points: Tensor) -> Tensor:
        """See `Field.density`."""
        return self.query(points)[0]


class ProposalField(nn.Module):
    """A small density network that determines where rays are sampled (mip-NeRF 360, section 3)."""

    def __init__(self, octaves: int = 5, width: int = 64, start_density: float = 0.05) -> None:
        super().__init__()
        self.octaves = octaves
        self.net = nn.Sequential(
            nn.Linear(6 * octaves, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 1)
        )
        last = self.net[-1]
        assert isinstance(last, nn.Linear)
        nn.init.normal_(last.weight, std=1e-2)
        nn.init.constant_(last.bias, float(torch.tensor(start_density).log()))

    def forward(self, points: Tensor, variance: Tensor | float) -> Tensor:
        """points [N, 3] -> density [N]. variance: of the encoding's Gaussians."""
        log_density = self.net(integrated_encoding(points, variance, self.octaves))[:, 0]
        return torch.exp(log_density.clamp_max(_MAX_LOG_DENSITY))


class Environment(nn.Module):
    """The background: a network on the ray direction alone (paper, appendix A.2). Linear light in [0, 1]."""

    def __init__(self, octaves: int = 4, width: int = 64) -> None:
        super().__init__()
        self.octaves = octaves
        self.net = nn.Sequential(nn.Linear(6 * octaves, width), nn.SiLU(), nn.Linear(width, 3))

    def forward(self, rays_d: Tensor) -> Tensor:
        """Unit directions [..., 3] -> color [..., 3]."""
        return srgb_decode(torch.sigmoid(self.net(integrated_encoding(rays_d, 0.0, self.octaves))))
