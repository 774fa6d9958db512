"""The screen of announcements."""
