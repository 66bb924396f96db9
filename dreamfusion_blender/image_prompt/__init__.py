"""A reference image beside the prompt."""
