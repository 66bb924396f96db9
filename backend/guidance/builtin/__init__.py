"""The built-in diffusion model: its networks in code, its weights in `weights/`."""
