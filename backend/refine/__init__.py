"""Refinement: optimizes the finished mesh's texture and vertices with a differentiable rasterizer.

Based on the second stage of Magic3D (Lin et al. 2023, section 4.2). Rasterization is cheap, which allows larger images,
and small timesteps make the model add detail instead of changing the object.
"""
