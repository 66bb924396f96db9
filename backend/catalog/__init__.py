"""The known text-to-image models, and the folder that stores the downloaded ones. Standard library only."""
