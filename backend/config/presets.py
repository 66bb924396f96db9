"""Presets: settings with a name. The panel starts with "fast"."""

from __future__ import annotations

from dataclasses import replace

from .large_presets import LARGE_DESCRIPTIONS, LARGE_PRESETS
from .mesh import MeshSettings
from .refine import RefineSettings
from .schedules import cosine
from .settings import (
    CameraSettings,
    FieldSettings,
    GuidanceSettings,
    LossSettings,
    OptimizerSettings,
    OutputSettings,
    Settings,
    ShadingSettings,
)

# Tuned with the built-in model on two CPU cores, at that model's image size.
# - A weak initial blob and a strong opacity loss open holes and thin out stems before the shape becomes solid.
# - Strong guidance finds the shape but oversaturates colors (gray turns blue). The last third therefore uses a scale of
#   1.5 and a high albedo rate.
# - `losses.matter` opens hollows, but also removes undersides, which no camera sees. `field.fill_unseen` fills them again.
# - 32-pixel renders leave soft edges. `mesh.iso_factor` places the surface inside the half-opaque layer.
# - Bumps of a few voxels are below the resolution of these renders, so nothing corrects them. The mesh is smoothed instead, and
#   a normal map would bring them back.
# - The visibility and the losses of all voxels change slowly, so that every fourth step is enough.
# - At this image size one thread is faster than two. The model has the second core, see `optimizer.overlap`. Gradients are then
#   one step old, and with Adam's usual momentum they overshoot, so it is lower.
FAST = Settings(
    shading=ShadingSettings(albedo_only_steps=60, shaded=0.7, textureless=0.45, occlusion=True),
    field=FieldSettings(start_density=1.5, fill_unseen=True, visibility_every=4),
    guidance=GuidanceSettings(guidance_scale=((0, 10.0), (180, 10.0), (200, 1.5))),
    losses=LossSettings(
        opacity=((0, 0.05), (150, 0.05), (300, 0.01)),
        orientation=((0, 1e-3), (300, 1e-2)),
        entropy=((150, 0.0), (300, 0.05)),
        total_variation=0.1,
        matter=0.3,
        volume_every=4,
    ),
    optimizer=OptimizerSettings(
        steps=300,
        render_px=32,
        samples=32,
        density_rate=((0, 0.1), (150, 0.05), (300, 0.005)),
        albedo_rate=((0, 0.03), (190, 0.03), (200, 0.08), (260, 0.08), (300, 0.005)),
        threads=1,
        overlap=True,
        betas=(0.8, 0.99),
    ),
    mesh=MeshSettings(iso_factor=1.5, resolution=96, blur=1.25, fairing=20, normal_px=0),
)

# The same as "fast" until step 200, where the shape is found. The additional time goes into the surface and the colors.
# - Renders of 64 pixels, which are halved for the model, give the grid's finest cells a gradient in every view.
# - Low timesteps and a density rate that falls to almost 0 remove the bumps that random timesteps and noise leave. They
#   also weaken the guidance, so the total variation must fall with them, or thin parts become thick.
# - The refinement reduces the saturation that strong guidance leaves.
DETAILED = replace(
    FAST,
    field=replace(FAST.field, visibility_every=1),  # measured without the delay, as the overlap below
    guidance=replace(FAST.guidance, t_high=((0, 0.98), (300, 0.98), (600, 0.5))),
    losses=replace(FAST.losses, volume_every=1, total_variation=((0, 0.1), (300, 0.1), (600, 0.04))),
    optimizer=replace(
        FAST.optimizer,
        overlap=False,
        betas=(0.9, 0.99),
        steps=600,
        render_px=((0, 32), (200, 32), (201, 64)),
        samples=64,
        density_rate=((0, 0.1), (150, 0.05), (200, 0.035), (300, 0.03), (600, 0.002)),
        albedo_rate=((0, 0.03), (190, 0.03), (200, 0.08), (260, 0.08), (600, 0.005)),
    ),
    mesh=MeshSettings(iso_factor=1.5),
    refine=RefineSettings(steps=120),
)

# DreamFusion with every value that the paper states (section 3, appendix A.2). The 15,000 steps need a GPU. Values that
# the paper does not state are the defaults of the settings.
PAPER = Settings(
    camera=CameraSettings(
        distance=(1.0, 1.5), focal=(0.7, 1.35), position_jitter=0.1, target_jitter=0.2, up_jitter=0.02
    ),
    shading=ShadingSettings(albedo_only_steps=1000, shaded=0.75, textureless=0.5),
    field=FieldSettings(kind="mlp"),
    guidance=GuidanceSettings(guidance_scale=101.0, prefix="a DSLR photo of"),  # the paper's w = 100
    losses=LossSettings(opacity=1e-3, orientation=((0, 1e-4), (5000, 1e-2))),
    optimizer=OptimizerSettings(
        method="shampoo",
        learning_rate=((0, 1e-9), *cosine((3000, 1e-4), (15_000, 1e-6))),
        steps=15_000,
        views=4,
        render_px=64,
        samples=32,
    ),
    output=OutputSettings(preview_px=64, preview_every=100, checkpoint_every=500),
)

# Dream Fields (Jain et al. 2022), the baseline of the paper's evaluation, with the field of the fast preset and an
# image-text model. The loss, its weight of 0.5, the elevation, the backgrounds and the unlit colors are published values.
# The transmittance target is our choice, because the object fills most of our images.
DREAM_FIELDS = Settings(
    camera=CameraSettings(elevation_deg=(30.0, 30.0)),
    shading=ShadingSettings(albedo_only_steps=1_000_000, backgrounds="textures"),
    field=FieldSettings(start_density=1.5),
    losses=LossSettings(
        opacity=0.0,
        orientation=0.0,
        transmittance=0.5,
        transmittance_target=((0, 0.4), (200, 0.6)),
        total_variation=0.1,
    ),
    optimizer=OptimizerSettings(steps=400, views=4, render_px=64, samples=48, density_rate=0.025),
)

# CLIP-Mesh (Khalid et al. 2022), the other baseline of the paper's evaluation, with an image-text model.
# - Published: the sphere, the distribution of the elevation, textureless views in the first half of the steps, the weights of the
#   Laplacian and the learning rates. Both fall over fewer steps here: 5000 steps of 25 views need a GPU.
# - Ours: the framing and the lights. The backgrounds are those of Dream Fields.
# - Left out: the second loss, on an image embedding that a diffusion prior makes from the text, because there is no such prior
#   for our image-text model; and the transparency of the texture.
CLIP_MESH = Settings(
    camera=CameraSettings(
        elevation_deg=(0.0, 90.0), by_angle=1.0, elevation_beta=(1.0, 5.0), fill=(0.5, 0.9), target_jitter=0.05
    ),
    shading=ShadingSettings(
        albedo_only_steps=0, shaded=1.0, textureless=((0, 0.5), (199, 0.5), (200, 0.0)), backgrounds="textures"
    ),
    field=FieldSettings(kind="sphere"),
    losses=LossSettings(
        opacity=0.0,
        orientation=0.0,
        laplacian=((0, 30.0), (80, 10.0), (160, 0.9), (400, 0.6)),
    ),
    optimizer=OptimizerSettings(
        learning_rate=((0, 0.01), (400, 0.001)), betas=(0.9, 0.999), steps=400, views=4, render_px=64
    ),
)

PRESETS: dict[str, Settings] = {"fast": FAST, "paper": PAPER, **LARGE_PRESETS, "detailed": DETAILED}
STUDIES: dict[str, Settings] = {"dream-fields": DREAM_FIELDS, "clip-mesh": CLIP_MESH}  # command line only
ALL_PRESETS = {**PRESETS, **STUDIES}

# One line for each of `ALL_PRESETS`.
DESCRIPTIONS: dict[str, str] = {
    "fast": "Small objects from the built-in model, in half a minute on a CPU",
    "paper": "DreamFusion as published: 15,000 steps; needs a GPU",
    **LARGE_DESCRIPTIONS,
    "detailed": "Smoother surfaces and truer colors from the built-in model, in about two minutes on a CPU",
    "dream-fields": "The Dream Fields baseline, for an image-text model",
    "clip-mesh": "The CLIP-Mesh baseline, for an image-text model",
}
