"""The screen of competences."""
