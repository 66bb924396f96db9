"""Installs the backend's environment from lock files. Standard library only."""
