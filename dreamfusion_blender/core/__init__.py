"""The part of the add-on that does not need Blender: jobs, processes and texts. Nothing in this package imports `bpy`."""
