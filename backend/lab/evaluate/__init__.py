"""Measuring what priors draw and what jobs make: samples, shapes, and retrieval by CLIP. No job needs any of it."""
