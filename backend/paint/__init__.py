"""Paints a given mesh: the shape is fixed, and only its colors are optimized."""
