"""The whole configuration of a job as frozen dataclasses. Values that change over a run are schedules over its steps.

Angles in degrees, lengths in scene units (the object just fits a sphere of radius 0.55 under the fast preset).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as _part
from typing import Literal

from .mesh import MeshSettings
from .refine import RefineSettings
from .schedules import Schedule

Precision = Literal["auto", "float32", "bfloat16", "float16"]
Weighting = Literal["sigma_squared", "uniform"]  # of the timesteps


@dataclass(frozen=True)
class CameraSettings:
    """Paper, section 3.3 step 1. `fill` frames instead of drawing a focal length: a sphere of `frame_radius` spans this
    share of the picture's width, so that nothing is cut off. The paper draws `focal`, in widths of the picture; where it is
    given, nothing is framed."""

    elevation_deg: tuple[float, float] = (-10.0, 90.0)
    by_angle: float = 0.5  # share of views uniform in the angle; the others are uniform in area
    distance: tuple[float, float] = (1.5, 2.5)
    frame_radius: float = 0.55
    fill: tuple[float, float] = (0.75, 1.0)
    focal: tuple[float, float] | None = None
    position_jitter: float = 0.0  # uniform, to both sides, along each axis
    target_jitter: float = 0.0  # standard deviation of the point that is looked at, along each axis
    up_jitter: float = 0.0  # standard deviation of the up vector, along each axis


@dataclass(frozen=True)
class ShadingSettings:
    """Paper, section 3.3 step 2: shares of the views that are shaded, and of those that are textureless."""

    albedo_only_steps: int = 1000
    shaded: float = 0.75
    textureless: float = 0.5  # of the shaded ones
    ambient: float = 0.1
    light_distance: tuple[float, float] = (0.8, 1.5)
    light_spread: float = 1.0  # standard deviation around the camera's position
    occlusion: bool = False  # lit places are darker where they see less of the sky; of the grid alone
    backgrounds: Literal["plain", "textures"] = "plain"  # behind each view; the latter as in Dream Fields


@dataclass(frozen=True)
class MlpSettings:
    """The paper's field, `fields.mlp.MlpField`, and how it is sampled (paper, appendix A.2). The counts of samples and the
    proposals' size are choices: the paper gives none."""

    octaves: int = 8
    width: int = 128
    blocks: int = 5
    bound: float = 1.4  # radius of the sphere that holds the scene
    blob_density: float = 5.0
    blob_radius: float = 0.2
    variance: Schedule = ((0, 5e-2), (5000, 2e-3))
    proposal_samples: tuple[int, ...] = (64, 64)
    proposal_octaves: int = 5
    proposal_width: int = 64
    nearest: float = 0.05  # cameras stand inside of the sphere: nothing is sampled nearer than this
    environment: bool = True  # a learned background; otherwise random plain colors


@dataclass(frozen=True)
class FieldSettings:
    """kind "grid": the fast field, `fields.voxel_grid.VoxelGrid`, whose values stand here; "mlp": the paper's."""

    kind: Literal["grid", "mlp"] = "grid"
    mlp: MlpSettings = _part(default_factory=MlpSettings)
    levels: tuple[int, ...] = (8, 16, 32, 64)
    bound: float = 0.62
    start_density: float = 3.0
    start_radius: float = 0.25
    prune_from: int = 60  # first step at which empty cells are forgotten
    prune_every: int = 20
    prune_below: float = 0.15  # density
    fill_unseen: bool = False  # what no view shows is solid in the mesh, and what nearly touches is joined


@dataclass(frozen=True)
class GuidanceSettings:
    """guidance_scale in the libraries' convention: uncond + s (cond - uncond).

    coarse_steps: how many of the first steps ask the prior's coarse version, where it has one.
    picture_px: side of the pictures that a large model looks at; 0 is what it was trained for.
    view_words: whether the prior is told from where each view is seen and how it is rendered (paper, section 3.3 step 3).
    dtype: of a large model's weights; "auto" is what the device does best.
    offload: the weights of a large model wait in main memory and visit the GPU block by block: slow, and small.
    prefix: what the prior hears before every prompt that does not begin like a picture's caption by itself, such as "a DSLR
        photo of" (paper, section 3.3 step 3).
    negative_prompt: what the object shall not look like, where the job itself does not say.
    """

    coarse_steps: int = 0
    picture_px: int = 0
    dtype: Precision = "auto"
    offload: bool = False
    view_words: bool = True
    guidance_scale: Schedule = 10.0
    t_low: Schedule = 0.02
    t_high: Schedule = 0.98
    rescale: Schedule = 0.0
    weighting: Weighting = "sigma_squared"
    prefix: str = ""
    negative_prompt: str = ""


@dataclass(frozen=True)
class LossSettings:
    """Weights of the regularizers. The distillation loss is summed over a view's pixels and channels, the others are means
    times the number of pixels, so that the weights compare."""

    opacity: Schedule = 1e-3
    orientation: Schedule = 1e-2
    entropy: Schedule = 0.0
    transmittance: Schedule = 0.0  # rewards empty space, up to a share of `transmittance_target`
    transmittance_target: Schedule = 0.8
    total_variation: Schedule = 0.0  # of the grid
    matter: Schedule = 0.0  # of the grid: share of it that is solid where nobody sees it
    interlevel: Schedule = 1.0  # of the proposals


@dataclass(frozen=True)
class OptimizerSettings:
    """density_rate and albedo_rate are Adam's for the grid; `learning_rate` is for every other field and for Shampoo."""

    method: Literal["adam", "shampoo"] = "adam"
    learning_rate: Schedule = 1e-3
    steps: int = 450
    views: int = 1  # a step
    views_at_once: int = 0  # as many views are rendered together as fit into memory; 0: all
    render_px: Schedule = 64
    samples: int = 64  # a ray, when render_px is at its largest; fewer in proportion below it
    density_rate: Schedule = 0.05
    albedo_rate: Schedule = 0.03
    betas: tuple[float, float] = (0.9, 0.99)
    threads: int = 0  # 0: as many as the machine has cores


@dataclass(frozen=True)
class OutputSettings:
    """What is made on the way and beside the mesh."""

    preview_px: int = 128
    preview_every: int = 25  # steps
    checkpoint_every: int = 100  # steps
    turntable: bool = True


@dataclass(frozen=True)
class Settings:
    camera: CameraSettings = _part(default_factory=CameraSettings)
    shading: ShadingSettings = _part(default_factory=ShadingSettings)
    field: FieldSettings = _part(default_factory=FieldSettings)
    guidance: GuidanceSettings = _part(default_factory=GuidanceSettings)
    losses: LossSettings = _part(default_factory=LossSettings)
    optimizer: OptimizerSettings = _part(default_factory=OptimizerSettings)
    mesh: MeshSettings = _part(default_factory=MeshSettings)
    refine: RefineSettings = _part(default_factory=RefineSettings)
    output: OutputSettings = _part(default_factory=OutputSettings)
