"""The second stage: the finished mesh's texture and vertices, against the prior, through a differentiable rasterizer.

Magic3D (Lin et al. 2023, section 4.2) goes on in this way from the volume to a mesh: rasterizing is cheap, so pictures may
be larger, and small t asks for details instead of another object.
"""
