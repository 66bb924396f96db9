"""DreamFusion: generates textured objects from text prompts.

This module can be imported without Blender: `register` imports everything that needs `bpy`.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
if not (_HERE / "backend").is_dir():
    # The built extension contains `backend/`. In the source tree it is next to this package. Extending the path makes
    # `from .backend.jobs import states` work in both.
    __path__.append(str(_HERE.parent))


def register() -> None:
    from . import registration

    registration.register()


def unregister() -> None:
    from . import registration

    registration.unregister()
