"""Questions that a screen asks on top of itself."""
