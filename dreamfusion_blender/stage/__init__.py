"""Work on objects in the scene: lights, cameras, placement, and compositing."""
