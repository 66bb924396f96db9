"""The commands of `build.py`. Standard library only, except in modules that run in the backend's or Blender's Python."""
