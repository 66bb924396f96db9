"""The procedural world: shapes, materials, captions, and the renderer for training pictures."""
