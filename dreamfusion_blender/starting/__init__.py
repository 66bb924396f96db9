"""Starting from objects of the scene: a blockout becomes the initial field of a job, and the result stands in its place."""
