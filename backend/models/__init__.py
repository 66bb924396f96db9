"""Downloads models from the Hugging Face Hub or a mirror. Runs only at the user's request."""
