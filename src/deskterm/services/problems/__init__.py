"""Problems: one cause behind several tickets, known, announced, answered and ended as one."""

from deskterm.services.problems.outreach import Problems

__all__ = ["Problems"]
