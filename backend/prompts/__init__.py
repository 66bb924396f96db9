"""Prompts in the words of a model with a closed vocabulary. Standard library only, because the add-on uses it, too."""
