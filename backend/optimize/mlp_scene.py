"""The paper's field as a scene: proposal sampling inside a sphere, in front of a background network (appendix A.2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..config.schedules import value
from ..config.settings import MlpSettings
from ..fields.mlp import Environment, MlpField, ProposalField
from ..maths.cameras import Cameras, pixel_rays
from ..maths.random_streams import RandomStreams
from ..maths.resample import interlevel_loss, resample
from ..maths.volume import alpha_weights, sphere_interval
from .render import Lighting, Rendered, compose, shade

_RAYS_PER_CHUNK = 4096  # without gradients: bounds the memory of previews


class MlpScene:
    """See `scene.Scene`."""

    def __init__(self, settings: MlpSettings, device: torch.device, seed: int) -> None:
        self.settings = settings
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.field = MlpField(
                settings.octaves,
                settings.width,
                settings.blocks,
                settings.bound,
                settings.blob_density,
                settings.blob_radius,
            )
            self.proposals = nn.ModuleList(
                ProposalField(settings.proposal_octaves, settings.proposal_width) for _ in settings.proposal_samples
            )
            self.environment = Environment()
        self.modules: nn.Module = nn.ModuleDict(
            {"field": self.field, "proposals": self.proposals, "environment": self.environment}
        ).to(device)
        self.at_step(0)

    def parameters_by_role(self) -> dict[str, list[nn.Parameter]]:
        return {"all": list(self.modules.parameters())}

    def at_step(self, step: int) -> None:
        self.field.variance.fill_(value(self.settings.variance, step))

    def render(
        self,
        cameras: Cameras,
        lighting: Lighting,
        background: Tensor,
        size_px: int,
        samples: int,
        random: RandomStreams | None = None,
    ) -> Rendered:
        count = len(cameras)
        rays_o, rays_d = (rays.reshape(-1, 3) for rays in pixel_rays(cameras, size_px))
        view = torch.arange(count, device=rays_o.device).repeat_interleave(size_px * size_px)
        if torch.is_grad_enabled():
            sums, interlevel = self._march(rays_o, rays_d, view, lighting, samples, random)
        else:
            chunks = zip(*(rays.split(_RAYS_PER_CHUNK) for rays in (rays_o, rays_d, view)), strict=True)
            sums = torch.cat([self._march(o, d, v, lighting, samples, None)[0].detach() for o, d, v in chunks])
            interlevel = torch.zeros(())
        if self.settings.environment:
            background = self.environment(rays_d).view(count, size_px, size_px, 3)
        rendered = compose(sums[:, :3], sums[:, 3], sums[:, 4], background, count, size_px)
        rendered.penalties["interlevel"] = lambda: interlevel
        return rendered

    def _march(
        self,
        rays_o: Tensor,
        rays_d: Tensor,
        view: Tensor,
        lighting: Lighting,
        samples: int,
        random: RandomStreams | None,
    ) -> tuple[Tensor, Tensor]:
        """Samples and shades rays [R, 3] of views [R].

        Each proposal network places the samples of the next level; the field is evaluated at the last one.

        Returns:
            color (3), opacity and orientation as [R, 5], and the interlevel loss.
        """
        near, far = sphere_interval(rays_o, rays_d, self.field.bound, self.settings.nearest)
        counts = (*self.settings.proposal_samples, samples)
        edges = torch.lerp(near[:, None], far[:, None], torch.linspace(0, 1, counts[0] + 1, device=near.device))
        if random is not None:
            edges = _jitter(edges, random)
        levels: list[tuple[Tensor, Tensor]] = []
        for proposal, following in zip(self.proposals, counts[1:], strict=True):
            points, lengths = _midpoints(rays_o, rays_d, edges)
            density = proposal(points.view(-1, 3), self.field.variance).view(lengths.shape)
            _, weights = alpha_weights(density, lengths)
            levels.append((edges, weights))
            edges = resample(edges, weights, following)
            if random is not None:
                edges = _jitter(edges, random)
        points, lengths = _midpoints(rays_o, rays_d, edges)
        flat = points.reshape(-1, 3)
        density, albedo, normal = self.field.with_normals(flat)
        _, weights = alpha_weights(density.view(lengths.shape), lengths)
        color, orientation = shade(
            flat, albedo, normal, rays_d.repeat_interleave(samples, 0), lighting, view.repeat_interleave(samples)
        )
        color = (color.view(*lengths.shape, 3) * weights[..., None]).sum(1)
        orientation = (orientation.view(lengths.shape) * weights.detach()).sum(1)
        interlevel = torch.stack([interlevel_loss(edges, weights, *level) for level in levels]).sum()
        return torch.cat((color, weights.sum(-1, keepdim=True), orientation[:, None]), -1), interlevel


def _midpoints(rays_o: Tensor, rays_d: Tensor, edges: Tensor) -> tuple[Tensor, Tensor]:
    """Midpoints [R, S, 3] of intervals with edges [R, S + 1], and the intervals' lengths [R, S]."""
    t = 0.5 * (edges[:, 1:] + edges[:, :-1])
    return rays_o[:, None] + t[..., None] * rays_d[:, None], edges.diff(dim=-1)


def _jitter(edges: Tensor, random: RandomStreams) -> Tensor:
    """Moves every edge by up to half the distance to its neighbors, except the first and the last one."""
    width = edges.diff(dim=-1)
    rays_per_view = edges.shape[0] // len(random.generators)
    shift = random.uniform(rays_per_view, edges.shape[1] - 2).flatten(0, 1).to(edges.device) - 0.5
    inner = edges[:, 1:-1] + torch.where(shift > 0, shift * width[:, 1:], shift * width[:, :-1])
    return torch.cat((edges[:, :1], inner, edges[:, -1:]), -1)
