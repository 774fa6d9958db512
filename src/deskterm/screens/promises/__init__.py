"""The screen of everything that is promised."""
