"""The configuration of a job: settings, presets, overrides, and schedules. Standard library only."""
