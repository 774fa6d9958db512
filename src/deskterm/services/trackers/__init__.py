"""Outside trackers: problems opened there, kept in step, and what comes back (F3, semantics §9)."""

from deskterm.services.trackers.trackers import Trackers

__all__ = ["Trackers"]
