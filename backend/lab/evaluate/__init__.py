"""Evaluation of diffusion models and generated objects: samples, shapes, CLIP R-Precision and ablation."""
