"""The screen of received mail."""
