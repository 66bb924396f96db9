"""The procedural world: shapes, materials, captions, and the renderer of the training pictures."""
