"""The whole configuration of a job: settings, presets, overrides, and schedules. No torch."""
