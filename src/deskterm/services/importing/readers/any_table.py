"""A CSV of a desk that is not known: usual heads are understood, the rest becomes fields."""

from pathlib import Path

from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.source import Source
from deskterm.services.importing.readers.tables import TableSource, forms_of

USUAL: dict[str, str] = {
    head: meaning
    for meaning, heads in {
        "id": "id|ticket id|ticket number|ticket #|number|nummer|ticket|key|issue key|nr|no|#|"
        "ticketnummer|ticket-nummer|ticket-id|vorgangsnummer|numéro|n°|numéro de ticket|"
        "número|número de ticket|nº|id de ticket|numero|case number|incident number|request id",
        "title": "title|subject|summary|short description|betreff|titel|kurztext|titre|sujet|"
        "zusammenfassung|kurzbeschreibung|thema|objet|résumé|asunto|título|resumen|oggetto|titolo|"
        "assunto|onderwerp",
        "body": "body|description|beschreibung|details|message|text|meldung|nachricht|"
        "descripción|mensaje|corps|contenu|descrizione|descrição|omschrijving|content|inhalt",
        "requester": "requester|reporter|caller|from|customer|melder|requestor|demandeur|"
        "anforderer|requester name|reported by|customer name|caller id|requested for|kunde|"
        "antragsteller|absender|von|rapporteur|solicitante|cliente|informador|"
        "richiedente|segnalatore|aanvrager|created by|contact name",
        "requester_email": "requester email|email|e-mail|from email|customer email|user email|"
        "e-mail address|email address|mail|requester e-mail|von e-mail|e-mail-adresse|"
        "adresse e-mail|courriel|email du demandeur|correo|correo electrónico|contact email|"
        "email del solicitante|reporter email",
        "opened": "opened|created|created at|date created|created on|opening date|erstellt|"
        "eröffnet|erstellt am|date d'ouverture|date opened|created time|opened at|creation date|"
        "created date|date|reported on|open date|erstelldatum|erstellungsdatum|angelegt am|"
        "eingang|eröffnet am|eröffnungsdatum|datum|création|créé|créé le|date de création|"
        "ouvert le|fecha de creación|fecha de apertura|creado|creada|creado el|fecha|"
        "data di apertura|data de abertura|creato|criado|aangemaakt|sys created on|createdat",
        "closed": "closed|closed at|geschlossen|closed time|date closed|closing date|"
        "close date|closed on|closed date|geschlossen am|abgeschlossen am|abschlussdatum|"
        "date de clôture|fermé le|clos le|fecha de cierre|cerrado|cerrado el|closedat|close at",
        "solved": "solved at|resolved|resolved at|resolution date|resolved time|erledigt am|"
        "solved|solved on|resolved on|date resolved|gelöst am|lösungsdatum|erledigt|behoben am|"
        "résolu|résolu le|date de résolution|resuelto|resuelto el|resuelta|fecha de resolución|"
        "completed|completed at|resolvedat",
        "updated": "updated|updated at|last updated|last update|last modification|geändert|"
        "modified|last update time|last modified|changed|aktualisiert|aktualisiert am|"
        "zuletzt aktualisiert|letzte änderung|letzte aktualisierung|letzte bearbeitung|"
        "geändert am|mise à jour|mis à jour|mis à jour le|dernière modification|"
        "dernière mise à jour|actualizado|actualizada|última actualización|sys updated on|"
        "última modificación|updatedat",
        "status": "status|state|zustand|statut|current status|ticket state|état|estado|stato|"
        "aktueller status|statut actuel|estado actual",
        "urgency": "urgency|priority|priorität|dringlichkeit|priorité|prioridad|priorità|"
        "prioridade|prioriteit|urgence|urgencia",
        "category": "category|kategorie|catégorie|help topic|topic|hilfethema|"
        "categoría|categoria|categorie|service category",
        "group": "group|queue|team|department|abteilung|assigned group|assignment group|gruppe|"
        "warteschlange|groupe|équipe|département|grupo|equipo|departamento|cola|"
        "support group|gruppo",
        "owner": "owner|assignee|assigned to|agent|agent assigned|bearbeiter|besitzer|technician|"
        "zugewiesen|zugewiesen an|zugewiesener mitarbeiter|techniker|zuständig|assigné à|"
        "attribué à|technicien|responsable|asignado a|técnico|agente|tecnico|assegnato a|"
        "propriétaire|propietario|agent name|assignee name|assigned agent|behandelaar",
        "owner_email": "assignee email|agent email|owner email|technician email",
        "organisation": "organisation|organization|company|company name|firma|entity|entité|"
        "organization name|unternehmen|entität|société|entreprise|empresa|organización|entidad|"
        "azienda|bedrijf|account name",
        "channel": "channel|source|request source|via|kanal|quelle|canal|origen|contact type",
        "tags": "tags|labels|schlagworte|stichwörter|étiquettes|etiquetas|mots-clés|keywords",
        "resolution": "resolution|solution|lösung|résolution|solución|resolución|close notes|"
        "resolution notes|lösungstext",
        "watchers": "watchers|cc|followers|beobachter|ccs|watch list|collaborators|observateurs|"
        "observadores|seguidores",
        "comment": "comments|comment|additional comments|kommentar|kommentare|commentaire|"
        "commentaires|comentario|comentarios|public comments|replies",
        "note": "work notes|internal notes|private notes|interne notizen|arbeitsnotizen|"
        "notes de travail|notes internes|notas internas|notas de trabajo|internal comments",
        "files": "attachments|attachment|anhänge|anhang|pièces jointes|adjuntos|archivos adjuntos",
    }.items()
    for head in heads.split("|")
}
WEAK = frozenset(
    ("created by", "contact name", "customer", "kunde", "cliente", "client", "from", "von",
     "date", "datum", "fecha", "eingang", "key", "nr", "no", "#", "number", "nummer", "content",
     "contenu", "inhalt", "message", "text", "details", "mail", "source", "via", "department",
     "abteilung", "département", "departamento", "team", "type", "completed", "responsable",
     "agent", "changed", "solution", "thema", "topic", "titre", "titel", "title",
     "assigned agent")
)  # fmt: skip
"""Heads that mean this only where no other column does; else they are fields."""


def usual(head: str) -> str:
    """Give what a head usually is, however it is written; else the head itself."""
    return next((USUAL[one] for one in forms_of(head) if one in USUAL), head)


class AnyTable(TableSource):
    """A table whose columns are known by usual heads."""

    heads = USUAL
    weak = WEAK


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open a CSV file."""
    return AnyTable(path, mapping)
