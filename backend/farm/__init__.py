"""Hands jobs to the farm manager Flamenco. Needs only the standard library, because the add-on imports it.

flamenco               describes jobs for Flamenco, and submits them
dreamfusion-batch.js   the job type, which runs in the Manager
assemble_in_blender.py the last task, which Blender runs: one file with all objects
"""
