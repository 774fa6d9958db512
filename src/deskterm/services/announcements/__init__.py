"""Announcements: said on boards, told by letter to an audience, updated until they end (G2)."""

from deskterm.services.announcements.records import Announcements

__all__ = ["Announcements"]
