"""The judge, a small image-text model for evaluation: its training pictures, network and training."""
