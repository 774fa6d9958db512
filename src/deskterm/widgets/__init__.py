"""Reusable Textual parts; they know rows, not services."""
