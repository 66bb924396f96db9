"""Assets: surface extraction, UV unwrapping, baking and export."""
