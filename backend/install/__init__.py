"""Installs the backend's environment from locked lists of packages. Standard library only."""
