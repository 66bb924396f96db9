"""Training and evaluation of models. Not part of the extension."""
