"""Problems: one cause behind several tickets, known, announced, answered and ended as one."""

from deskterm.services.problems.outbreaks import Outbreaks


class Problems(Outbreaks):
    """The use cases of problems."""
