"""What a job works on besides the prompt: a mesh and its present colors. Shared by the worker and the add-on: numpy only."""
