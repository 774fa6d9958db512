"""What the form of a call says about urgency, as facts for the rule."""

from datetime import UTC, datetime

from deskterm.domain.errors import UsageError
from deskterm.screens.call.form import CAN_WORK, PEOPLE, CallValues
from deskterm.triage.spans import later
from deskterm.triage.urgency import Facts


def facts_of(values: CallValues, now: datetime) -> Facts:
    """Give the facts; a time that is half typed counts as not asked."""
    needed_by = None
    if values.by:
        try:
            needed_by = later(values.by, now, now.astimezone().tzinfo or UTC)
        except UsageError:
            needed_by = None
    return Facts(PEOPLE.get(values.affected), CAN_WORK.get(values.can_work), needed_by)
