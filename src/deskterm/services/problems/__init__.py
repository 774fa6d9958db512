"""Problems: one cause behind several tickets, known, announced, answered and ended as one."""

from deskterm.services.problems.incidents import Incidents


class Problems(Incidents):
    """The use cases of problems."""
