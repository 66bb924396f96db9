"""A sphere whose vertices, texture and normal map are optimized, as in CLIP-Mesh (Khalid et al. 2022)."""
