"""Cameras, shading, volume rendering and color: functions without state."""
