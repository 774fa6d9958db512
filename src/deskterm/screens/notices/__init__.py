"""The screen of one's own notices."""
