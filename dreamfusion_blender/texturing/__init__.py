"""Paints a mesh of the scene: what the job gets, and how its textures come back. See `backend.paint` for the worker's part."""
