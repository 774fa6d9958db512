"""The screen of call reviews."""
