"""What the add-on knows without Blender: jobs, processes and words. Nothing here imports `bpy`."""
