"""What the user chooses for a texture."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_PX = 1024

# (identifier, label, description)
UV_MAPS = (
    ("ACTIVE", "Active", "Paint through the UV map that the mesh has"),
    ("NEW", "New", "Add a UV map with Smart UV Project when the texture arrives. The other UV maps stay"),
)
MASKS = (
    ("NONE", "None", "Paint the whole object"),
    ("FACES", "Selected Faces", "Paint only the faces that are selected in Edit Mode"),
    ("GROUP", "Vertex Group", "Paint as much as the weights of a vertex group say, with soft edges"),
)
FRONTS = (
    ("NEG_Y", "-Y", "The object faces the -Y axis of the world, as in Blender's front view"),
    ("POS_X", "X", "The object faces the X axis of the world"),
    ("POS_Y", "Y", "The object faces the Y axis of the world"),
    ("NEG_X", "-X", "The object faces the -X axis of the world"),
    ("VIEW", "View", "The 3D Viewport shows the front of the object"),
)


@dataclass(frozen=True)
class TextureOptions:
    """
    Attributes:
        uv: an identifier of `UV_MAPS`.
        mask: an identifier of `MASKS`.
        group: name of the vertex group of the mask.
        strength: how far the colors may depart from the present ones, 0.05 to 1.
        texture_px: side of new textures.
        front_deg: azimuth of the front, see `backend.inputs.mesh_file.InputMesh`.
        controlnet: path of a depth ControlNet; empty: the one in the model's folder, if there is one.
        controlnet_scale: its strength, 0 to 2.
        single_user: the object may get its own copy of mesh data that other objects use, too.
    """

    uv: str = "ACTIVE"
    mask: str = "NONE"
    group: str = ""
    strength: float = 1.0
    texture_px: int = DEFAULT_PX
    front_deg: float = 0.0
    controlnet: str = ""
    controlnet_scale: float = 1.0
    single_user: bool = False

    @property
    def overrides(self) -> dict[str, object]:
        """The settings of the job."""
        control: dict[str, object] = {"guidance.controlnet": self.controlnet} if self.controlnet else {}
        if self.controlnet_scale != 1:
            control["guidance.controlnet_scale"] = round(self.controlnet_scale, 4)
        return {"mesh.texture_px": self.texture_px, "paint.strength": round(self.strength, 4), **control}

    @property
    def keeps_present(self) -> bool:
        """Whether the result depends on the present colors."""
        return self.strength < 1 or self.mask != "NONE"
