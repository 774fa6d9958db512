"""The board: the first thing seen."""
