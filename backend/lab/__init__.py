"""Trains and measures models. Not part of the extension."""
