"""DreamFusion: a prompt becomes a textured object in the scene.

Importable without Blender: everything that needs `bpy` is imported inside `register`.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
if not (_HERE / "backend").is_dir():
    # In the source tree `backend/` lies beside this package; in the built extension it lies inside. With this, the
    # statement `from .backend.jobs import states` means the same file in both.
    __path__.append(str(_HERE.parent))


def register() -> None:
    from . import registration

    registration.register()


def unregister() -> None:
    from . import registration

    registration.unregister()
