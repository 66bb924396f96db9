"""The backend of DreamFusion for Blender: turns a prompt into a textured mesh by score distillation.

This module imports nothing, so that the add-on can use `backend.jobs` with the standard library only.
"""

__version__ = "0.1.0"
