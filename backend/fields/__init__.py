"""Radiance fields without view dependence: functions from a point to density and albedo."""
