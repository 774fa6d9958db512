"""The views that everybody has; a saved view takes the place of its namesake."""

DEFAULT_VIEWS = (
    ("Open", "is:active"),
    ("Mine", "is:open is:mine"),
    ("Triage", "is:new,open assignee:none"),
    ("Overdue", "is:overdue"),
    ("Waiting", "is:waiting"),
    ("To verify", "is:solved"),
    ("Closed", "is:closed sort:closed-desc"),
)
"""Name and query."""
