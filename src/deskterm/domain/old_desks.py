"""Numbers from other help desks: `zendesk:8734`, so that two old desks never clash."""

OLD_DESKS = (
    *("zendesk", "freshdesk", "jira", "osticket", "zammad", "glpi", "rt", "github", "otrs"),
    *("jsonl", "csv"),
)
"""What stands before a foreign number, one name a desk that is read."""


def foreign_forms(number: str) -> list[str]:
    """Give how a foreign number may be stored: as it is, or with the name of its desk before it."""
    return [number, *(f"{desk}:{number}" for desk in OLD_DESKS if ":" not in number)]
