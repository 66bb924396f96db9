"""Fetching models from the Hub, or from an address that speaks like it. Nothing here runs unless a person asks for it."""
