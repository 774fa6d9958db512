"""Guides: the shelf, runs on tickets, consented diagnostics, endings."""

from deskterm.services.guides.endings import Guides

__all__ = ["Guides"]
