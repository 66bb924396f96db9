"""How the judge is made: its own pictures of the procedural world, its network, and its training."""
