"""What the user chooses for a change."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_AMOUNT = 0.5

# (identifier, label, description)
REGIONS = (
    ("ALL", "All", "Change the whole object"),
    ("FACES", "Selected Faces", "Change only around the faces that are selected in Edit Mode"),
    ("GROUP", "Vertex Group", "Change as much as the weights of a vertex group say"),
)


@dataclass(frozen=True)
class ChangeOptions:
    """
    Attributes:
        amount: see `backend.config.change.ChangeSettings`.
        region: an identifier of `REGIONS`.
        group: name of the vertex group of the region.
        single_user: the object may get its own mesh data if other objects have the same.
    """

    amount: float = DEFAULT_AMOUNT
    region: str = "ALL"
    group: str = ""
    single_user: bool = False
