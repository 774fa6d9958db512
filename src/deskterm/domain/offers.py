"""What an offer promises, as a row of columns that change from a first day on."""

PROMISED = (
    *("calendar_id", "pickup", "pickup_urgent", "response", "response_urgent"),
    *("solution", "solution_urgent", "budget", "approval"),
)
"""The columns that make a version: whoever changes one begins a new version, from a first day."""
