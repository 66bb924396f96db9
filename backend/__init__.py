"""The pipeline of DreamFusion for Blender: a prompt becomes a textured mesh by score distillation.

Nothing is imported here, so that the add-on can use `backend.jobs` with the standard library alone.
"""

__version__ = "0.1.0"
