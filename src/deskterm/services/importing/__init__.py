"""Tickets from elsewhere: read, checked, written in bulk as one operation."""

from deskterm.services.importing.run import Imported, Importing

__all__ = ["Imported", "Importing"]
