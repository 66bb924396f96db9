"""Neural fields: functions from a point to density and albedo."""
