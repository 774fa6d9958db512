"""Walking a guide: one question at a time, one key an answer."""

from deskterm.screens.guide.screen import GuideScreen

__all__ = ["GuideScreen"]
