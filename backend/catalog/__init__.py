"""The catalog of text-to-image models, and the folder of the downloaded ones. Standard library only."""
