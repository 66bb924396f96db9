"""The built-in diffusion model. Its weights are in `weights/`."""
