"""The configuration of a job as frozen dataclasses. `Schedule` fields may change over the steps of a run.

Angles are in degrees. Lengths are in scene units: the "fast" preset's object just fits a sphere of radius 0.55.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as _part
from typing import Annotated, Literal

from ..errors import UserError
from .change import ChangeSettings
from .doc import Doc, check_ranges
from .image import ImageSettings
from .mesh import MeshSettings
from .paint import PaintSettings
from .refine import RefineSettings
from .schedules import Schedule, points, value
from .sphere import SphereSettings
from .start import StartSettings

Precision = Literal["auto", "float32", "bfloat16", "float16"]
Weighting = Literal["sigma_squared", "uniform"]
ObjectiveKind = Literal["sds", "csd", "nfsd", "sdi"]
NoiseKind = Literal["view", "surface"]


@dataclass(frozen=True)
class CameraSettings:
    """Random cameras (paper, section 3.3, step 1).

    By default the focal length frames the object: a sphere of `frame_radius` spans the share `fill` of the image width,
    so that nothing is cut off. The paper draws `focal` instead; where it is set, `frame_radius` and `fill` have no
    effect.
    """

    elevation_deg: Annotated[
        tuple[float, float], Doc("Range of the camera elevation", "degrees", -90.0, 90.0, rises=True)
    ] = (-10.0, 90.0)
    by_angle: Annotated[
        float,
        Doc("Share of views whose elevation is uniform in the angle; the others are uniform in area", "", 0.0, 1.0),
    ] = 0.5
    elevation_beta: Annotated[
        tuple[float, float] | None,
        Doc(
            "Parameters of a beta distribution over the range, instead of elevations that are uniform in the angle",
            "",
            0.05,
            100.0,
        ),
    ] = None
    azimuths: Annotated[
        Literal["independent", "even"],
        Doc("Azimuths of the views of a step: independent, or at even distances around the object"),
    ] = "independent"
    distance: Annotated[
        tuple[float, float], Doc("Range of the distance to the origin", "scene units", 0.1, 100.0, rises=True)
    ] = (1.5, 2.5)
    frame_radius: Annotated[float, Doc("Radius of the sphere that is framed", "scene units", 0.01, 10.0)] = 0.55
    fill: Annotated[
        tuple[float, float], Doc("Range of the framed sphere's share of the image width", "", 0.05, 4.0, rises=True)
    ] = (0.75, 1.0)
    focal: Annotated[
        tuple[float, float] | None,
        Doc("Range of the focal length; null: framed automatically", "image widths", 0.05, 20.0, rises=True),
    ] = None
    position_jitter: Annotated[
        float, Doc("Half-width of the uniform noise on the camera position, per axis", "scene units", 0.0, 10.0)
    ] = 0.0
    target_jitter: Annotated[
        float, Doc("Standard deviation of the noise on the look-at point, per axis", "scene units", 0.0, 10.0)
    ] = 0.0
    up_jitter: Annotated[float, Doc("Standard deviation of the noise on the up vector, per axis", "", 0.0, 10.0)] = 0.0

    def __post_init__(self) -> None:
        check_ranges(self, "camera")


@dataclass(frozen=True)
class ShadingSettings:
    """Random lights and shading styles (paper, section 3.3, step 2)."""

    albedo_only_steps: Annotated[int, Doc("First steps, in which all views are unlit", "steps", 0, 1_000_000)] = 1000
    shaded: Annotated[float, Doc("Share of views that are shaded", "", 0.0, 1.0)] = 0.75
    textureless: Annotated[Schedule, Doc("Share of the shaded views that are textureless", "", 0.0, 1.0)] = 0.5
    ambient: Annotated[float, Doc("Share of ambient light in shaded views", "", 0.0, 1.0)] = 0.1
    light_distance: Annotated[
        tuple[float, float], Doc("Range of the light's distance", "scene units", 0.01, 100.0, rises=True)
    ] = (0.8, 1.5)
    light_spread: Annotated[
        float, Doc("Standard deviation of the light's position around the camera", "scene units", 0.0, 100.0)
    ] = 1.0
    occlusion: Annotated[bool, Doc("Whether shaded views have ambient occlusion (grid field only)")] = False
    backgrounds: Annotated[
        Literal["plain", "textures"], Doc("Random backgrounds: plain colors, or textures as in Dream Fields")
    ] = "plain"

    def __post_init__(self) -> None:
        check_ranges(self, "shading")


@dataclass(frozen=True)
class MlpSettings:
    """The paper's field, `fields.mlp.MlpField`, and how it is sampled (paper, appendix A.2).

    The paper does not state the numbers of samples and the size of the proposal networks; those are our choice.
    """

    octaves: Annotated[int, Doc("Octaves of the positional encoding", "", 1, 16)] = 8
    width: Annotated[int, Doc("Units per layer", "", 8, 1024)] = 128
    blocks: Annotated[int, Doc("Residual blocks", "", 1, 16)] = 5
    bound: Annotated[float, Doc("Radius of the sphere that contains the scene", "scene units", 0.1, 100.0)] = 1.4
    blob_density: Annotated[float, Doc("Density at the center of the initial blob", "1 / scene unit", 0.0, 1000.0)] = (
        5.0
    )
    blob_radius: Annotated[float, Doc("Standard deviation of the initial blob", "scene units", 0.01, 10.0)] = 0.2
    variance: Annotated[Schedule, Doc("Variance of the integrated positional encoding", "", 0.0, 100.0)] = (
        (0, 5e-2),
        (5000, 2e-3),
    )
    proposal_samples: Annotated[
        tuple[int, ...], Doc("Samples per ray of each proposal network", "samples", 4, 512, count=(1, 4))
    ] = (64, 64)
    proposal_octaves: Annotated[int, Doc("Octaves of the proposal networks' encoding", "", 1, 16)] = 5
    proposal_width: Annotated[int, Doc("Units per layer of the proposal networks", "", 8, 1024)] = 64
    # The cameras are inside the sphere.
    nearest: Annotated[float, Doc("Distance from the camera at which sampling begins", "scene units", 0.0, 10.0)] = 0.05
    environment: Annotated[bool, Doc("Whether the background is learned; otherwise it is a random plain color")] = True

    def __post_init__(self) -> None:
        check_ranges(self, "field.mlp")


@dataclass(frozen=True)
class FieldSettings:
    """The scene representation: "grid" is the fast `fields.voxel_grid.VoxelGrid`, "mlp" the paper's field, "sphere" a mesh.

    All fields but `kind`, `mlp` and `sphere` configure the grid.
    """

    kind: Annotated[
        Literal["grid", "mlp", "sphere"],
        Doc("Scene representation: voxel grid, the paper's MLP, or a sphere's mesh that is deformed as in CLIP-Mesh"),
    ] = "grid"
    mlp: MlpSettings = _part(default_factory=MlpSettings)
    sphere: SphereSettings = _part(default_factory=SphereSettings)
    levels: Annotated[
        tuple[int, ...], Doc("Voxels along each side, per level, ascending", "voxels", 2, 512, rises=True, count=(1, 8))
    ] = (8, 16, 32, 64)
    fine_levels: Annotated[
        tuple[int, ...],
        Doc(
            "Voxels along each side of levels that are too fine for an array; they are stored in tables, by a hash",
            "voxels",
            2,
            2048,
            rises=True,
            count=(0, 3),
        ),
    ] = ()
    fine_entries_log2: Annotated[
        int, Doc("Binary logarithm of the number of entries in the table of each fine level", "", 10, 22)
    ] = 20
    bound: Annotated[float, Doc("Half the side of the grid's cube", "scene units", 0.1, 100.0)] = 0.62
    start_density: Annotated[
        float, Doc("Density at the center of the initial blob", "1 / scene unit", 0.001, 1000.0)
    ] = 3.0
    start_radius: Annotated[float, Doc("Standard deviation of the initial blob", "scene units", 0.01, 10.0)] = 0.25
    prune_from: Annotated[int, Doc("First step at which empty cells are pruned", "steps", 0, 1_000_000)] = 60
    prune_every: Annotated[int, Doc("Interval between prunings", "steps", 1, 1_000_000)] = 20
    prune_below: Annotated[float, Doc("Density below which a cell is empty", "1 / scene unit", 0.0, 1000.0)] = 0.15
    visibility_every: Annotated[
        int,
        Doc(
            "Interval between updates of the visibility, which ambient occlusion uses (grid field only)",
            "steps",
            1,
            1000,
        ),
    ] = 1
    fill_unseen: Annotated[
        bool, Doc("Whether the mesh is solid where no view sees it, and small gaps between components are closed")
    ] = False

    def __post_init__(self) -> None:
        check_ranges(self, "field")


MOST_LORA = 4.0  # weight of a LoRA; more than 1 exaggerates it


@dataclass(frozen=True)
class GuidanceSettings:
    """Score distillation: the guidance scale, the timesteps, and how the model is run."""

    coarse_steps: Annotated[
        int, Doc("First steps that use the model's coarse version, if it has one", "steps", 0, 1_000_000)
    ] = 0
    picture_px: Annotated[
        int, Doc("Side of a large model's input images; 0: the size it was trained for", "pixels", 0, 2048)
    ] = 0
    dtype: Annotated[Precision, Doc("Data type of a large model's weights; auto: the best for the device")] = "auto"
    offload: Annotated[
        bool, Doc("Whether a large model's weights stay in main memory and move to the GPU block by block")
    ] = False
    loras: Annotated[
        tuple[tuple[str, float], ...], Doc("LoRA files of a large model, each with its weight", "", count=(0, 8))
    ] = ()
    controlnet: Annotated[
        str,
        Doc(
            "Depth ControlNet of a large model for the mode texture, a folder or a .safetensors file; empty: the one in the "
            "model's folder, if there is one",
            "characters",
            0,
            4000,
        ),
    ] = ""
    controlnet_scale: Annotated[float, Doc("Strength of the ControlNet; 0: it is not used", "", 0.0, 2.0)] = 1.0
    view_words: Annotated[bool, Doc("Whether the model is conditioned on the camera and shading of each view")] = True
    # As in diffusers: uncond + s (cond - uncond). The paper's w is s - 1.
    guidance_scale: Annotated[Schedule, Doc("Classifier-free guidance scale", "", 0.0, 1000.0)] = 10.0
    t_low: Annotated[Schedule, Doc("Lower end of the timesteps, as a share of the schedule", "", 0.0, 1.0)] = 0.02
    t_high: Annotated[Schedule, Doc("Upper end of the timesteps, as a share of the schedule", "", 0.001, 1.0)] = 0.98
    rescale: Annotated[
        Schedule,
        Doc("Share by which guidance is rescaled to the conditional prediction's standard deviation", "", 0.0, 1.0),
    ] = 0.0
    weighting: Annotated[Weighting, Doc("Weighting w(t) of the timesteps")] = "sigma_squared"
    objective: Annotated[
        ObjectiveKind,
        Doc("Gradient: sds (DreamFusion), csd (classifier score), nfsd (noise-free), sdi (via inversion)"),
    ] = "sds"
    inversion_steps: Annotated[int, Doc("Steps of the inversion of a view, for sdi", "steps", 1, 50)] = 3
    inversion_scale: Annotated[float, Doc("Guidance scale of the inversion, for sdi", "", -1000.0, 1000.0)] = -7.5
    noise: Annotated[
        NoiseKind,
        Doc(
            "Noise of the views: view (separate in each) or surface (the same in all views at the same place of the surface)"
        ),
    ] = "view"
    noise_seed: Annotated[int, Doc("Seed of the noise at the surface", "", 0, 2**31 - 1)] = 0
    perp_neg: Annotated[
        Schedule, Doc("Weight of the guidance away from the front and back of the object (Perp-Neg)", "", 0.0, 100.0)
    ] = 0.0
    clip: Annotated[Schedule, Doc("Limit of each value of the gradient; 0: none", "", 0.0, 1e6)] = 0.0
    # Paper, section 3.3, step 3.
    prefix: Annotated[
        str,
        Doc(
            'Text before prompts that do not already begin like a caption, such as "a DSLR photo of"',
            "characters",
            0,
            1000,
        ),
    ] = ""
    negative_prompt: Annotated[str, Doc("What to avoid, if the job has no negative prompt", "characters", 0, 1000)] = ""

    def __post_init__(self) -> None:
        check_ranges(self, "guidance")
        if any(abs(weight) > MOST_LORA for _, weight in self.loras):
            raise UserError(
                f"The weights in the setting 'guidance.loras' must be between {-MOST_LORA:g} and {MOST_LORA:g}.",
                "settings",
            )

    @property
    def control(self) -> tuple[str, float]:
        """The ControlNet and its strength."""
        return self.controlnet, self.controlnet_scale


@dataclass(frozen=True)
class LossSettings:
    """Weights of the regularizers.

    The distillation loss is a sum over the pixels and channels of a view. The regularizers are means, multiplied by the
    number of pixels, so that the weights are comparable.
    """

    opacity: Annotated[
        Schedule, Doc("Weight of the opacity loss, which removes fog from empty space", "", 0.0, 1e6)
    ] = 1e-3
    orientation: Annotated[
        Schedule, Doc("Weight of the loss on normals that face away from the camera", "", 0.0, 1e6)
    ] = 1e-2
    entropy: Annotated[
        Schedule, Doc("Weight of the entropy of the opacity, which makes pixels opaque or empty", "", 0.0, 1e6)
    ] = 0.0
    transmittance: Annotated[Schedule, Doc("Weight of the transmittance loss of Dream Fields", "", 0.0, 1e6)] = 0.0
    transmittance_target: Annotated[
        Schedule, Doc("Mean transmittance of a view above which the transmittance loss is constant", "", 0.0, 1.0)
    ] = 0.8
    total_variation: Annotated[
        Schedule,
        Doc("Weight of the total variation of the density (grid field only), or of painted colors", "", 0.0, 1e6),
    ] = 0.0
    matter: Annotated[
        Schedule, Doc("Weight of the volume that is solid but unseen (grid field only)", "", 0.0, 1e6)
    ] = 0.0
    volume_every: Annotated[
        int,
        Doc("Interval between steps with the two losses above, whose weights are multiplied by it", "steps", 1, 100),
    ] = 1
    interlevel: Annotated[Schedule, Doc("Weight of the proposal networks' loss (MLP field only)", "", 0.0, 1e6)] = 1.0
    laplacian: Annotated[
        Schedule, Doc("Weight of the distance between vertices and their neighbors' mean (sphere only)", "", 0.0, 1e6)
    ] = 0.0

    def __post_init__(self) -> None:
        check_ranges(self, "losses")


@dataclass(frozen=True)
class OptimizerSettings:
    """The optimizer, and the views of each step."""

    method: Annotated[Literal["adam", "shampoo"], Doc("Optimizer")] = "adam"
    learning_rate: Annotated[
        Schedule, Doc("Learning rate of the MLP field and of the sphere, and of Shampoo for any field", "", 0.0, 10.0)
    ] = 1e-3
    steps: Annotated[int, Doc("Optimization steps", "steps", 1, 1_000_000)] = 450
    views: Annotated[int, Doc("Views per step", "views", 1, 64)] = 1
    views_at_once: Annotated[
        int, Doc("Views rendered in one batch; 0: all. Lower values save memory", "views", 0, 64)
    ] = 0
    render_px: Annotated[Schedule, Doc("Side of the rendered views", "pixels", 8, 1024)] = 64
    samples: Annotated[
        int, Doc("Samples per ray at the largest render size; fewer in proportion at smaller sizes", "samples", 8, 1024)
    ] = 64
    density_rate: Annotated[Schedule, Doc("Adam's learning rate of the grid's density", "", 0.0, 10.0)] = 0.05
    albedo_rate: Annotated[Schedule, Doc("Adam's learning rate of the grid's albedo", "", 0.0, 10.0)] = 0.03
    betas: Annotated[tuple[float, float], Doc("Adam's betas", "", 0.0, 0.9999)] = (0.9, 0.99)
    threads: Annotated[int, Doc("CPU threads; 0: one per core", "threads", 0, 1024)] = 0
    overlap: Annotated[
        bool,
        Doc(
            "Whether the model evaluates a view while the next one is rendered, whose field is then one step older "
            "(built-in model and grid field only)"
        ),
    ] = False

    def __post_init__(self) -> None:
        check_ranges(self, "optimizer")


@dataclass(frozen=True)
class OutputSettings:
    """Previews, checkpoints, and the turntable."""

    preview_px: Annotated[int, Doc("Side of the previews", "pixels", 16, 1024)] = 128
    preview_every: Annotated[int, Doc("Interval between previews", "steps", 1, 1_000_000)] = 25
    checkpoint_every: Annotated[int, Doc("Interval between checkpoints", "steps", 1, 1_000_000)] = 100
    turntable: Annotated[bool, Doc("Whether a turntable video is rendered")] = True

    def __post_init__(self) -> None:
        check_ranges(self, "output")


@dataclass(frozen=True)
class Settings:
    """All settings of a job, by group."""

    camera: CameraSettings = _part(default_factory=CameraSettings)
    shading: ShadingSettings = _part(default_factory=ShadingSettings)
    field: FieldSettings = _part(default_factory=FieldSettings)
    guidance: GuidanceSettings = _part(default_factory=GuidanceSettings)
    losses: LossSettings = _part(default_factory=LossSettings)
    optimizer: OptimizerSettings = _part(default_factory=OptimizerSettings)
    mesh: MeshSettings = _part(default_factory=MeshSettings)
    refine: RefineSettings = _part(default_factory=RefineSettings)
    paint: PaintSettings = _part(default_factory=PaintSettings)
    start: StartSettings = _part(default_factory=StartSettings)
    image: ImageSettings = _part(default_factory=ImageSettings)
    change: ChangeSettings = _part(default_factory=ChangeSettings)
    output: OutputSettings = _part(default_factory=OutputSettings)

    def check(self) -> None:
        """Checks settings that depend on each other. The other checks are made when the groups are created.

        Raises:
            UserError: two settings contradict each other (code "settings").
        """
        if self.guidance.noise == "surface" and self.field.kind != "grid":
            raise UserError("The setting 'guidance.noise' can only be surface if 'field.kind' is grid.", "settings")
        for group, part in (("guidance", self.guidance), ("refine", self.refine)):
            steps = {float(step) for schedule in (part.t_low, part.t_high) for step in points(schedule)}
            for step in sorted(steps):
                low, high = value(part.t_low, step), value(part.t_high, step)
                if low > high:
                    raise UserError(
                        f"The setting '{group}.t_low' is {low:g} at step {step:g} and must not be above '{group}.t_high', {high:g}.",
                        "settings",
                    )
