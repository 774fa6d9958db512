"""A CSV of a desk that is not known: usual heads are understood, the rest becomes fields."""

from pathlib import Path

from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.source import Source
from deskterm.services.importing.readers.tables import TableSource

USUAL: dict[str, str] = {
    head: meaning
    for meaning, heads in {
        "id": "id|ticket id|ticket number|ticket #|number|nummer|ticket|key|issue key|nr|no",
        "title": "title|subject|summary|short description|betreff|titel|kurztext|titre|sujet",
        "body": "body|description|beschreibung|details|message|text|meldung",
        "requester": "requester|reporter|caller|from|customer|melder|requestor|demandeur|"
        "anforderer",
        "requester_email": "requester email|email|from email|customer email|user email",
        "opened": "opened|created|created at|date created|created on|opening date|erstellt|"
        "eröffnet|erstellt am|date d'ouverture|date opened|created time",
        "closed": "closed|closed at|solved at|resolved|resolved at|resolution date|geschlossen|"
        "closed time|resolved time|date closed|closing date|erledigt am",
        "updated": "updated|updated at|last updated|last update|last modification|geändert|"
        "modified|last update time",
        "status": "status|state|zustand|statut|current status",
        "urgency": "urgency|priority|priorität|dringlichkeit|priorité",
        "category": "category|kategorie|catégorie|help topic|topic",
        "group": "group|queue|team|department|abteilung|assigned group",
        "owner": "owner|assignee|assigned to|agent|agent assigned|bearbeiter|besitzer|technician",
        "organisation": "organisation|organization|company|company name|firma|entity|entité",
        "channel": "channel|source|request source|via|kanal",
        "tags": "tags|labels|schlagworte",
        "resolution": "resolution|solution|lösung",
        "watchers": "watchers|cc|followers|beobachter",
    }.items()
    for head in heads.split("|")
}


class AnyTable(TableSource):
    """A table whose columns are known by usual heads."""

    heads = USUAL


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open a CSV file."""
    return AnyTable(path, mapping)
