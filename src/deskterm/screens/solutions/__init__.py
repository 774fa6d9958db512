"""The solutions screen: what fits, what is known, and how well it works."""
