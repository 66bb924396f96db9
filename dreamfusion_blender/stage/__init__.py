"""Operators for objects in the scene: lights, cameras, placement and compositing."""
