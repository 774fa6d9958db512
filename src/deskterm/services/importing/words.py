"""What other desks' words for state, urgency, outcome and channel mean here: the value tables.

They are what a mapping's [values.…] adds to and overrules. A word that stands nowhere is never
guessed at: it is kept, counted and named.
"""

from deskterm.domain.patterns import pattern
from deskterm.domain.vocabulary import Channel, Outcome, State, WaitingFor
from deskterm.services.importing.wide import Standing


def _either(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_NEW = Standing(State.NEW)
_OPEN = Standing(State.OPEN)
_CUSTOMER = Standing(State.WAITING, waiting=WaitingFor.CUSTOMER)
_OTHER = Standing(State.WAITING, waiting=WaitingFor.OTHER)
_SOLVED = Standing(State.CLOSED, Outcome.SOLVED)
_UNSOLVED = Standing(State.CLOSED, Outcome.UNSOLVED)
_CLOSED = Standing(State.CLOSED)
_DUPLICATE = Standing(State.CLOSED, Outcome.DUPLICATE)
_SPAM = Standing(State.CLOSED, Outcome.SPAM)
_CANCELLED = Standing(State.CANCELLED)

STATES: dict[str, Standing] = {
    word: standing
    for standing, words in (
        (
            _NEW,
            "new|neu|nouveau|nuevo|untriaged|nuovo|novo|nieuw|nowe|nowy|nouvelle|nueva|nuova|nova",
        ),
        (
            _OPEN,
            "open|opened|reopened|re-opened|in progress|in bearbeitung|work in progress|assigned|"
            "processing|processing (assigned)|processing (planned)|en cours|en cours (attribué)|"
            "en cours (planifié)|started|active|accepted|acknowledged|todo|to do|backlog|offen|"
            "ouvert|abierto|selected for development|in review|under review|escalated|"
            "being processed|work in process|investigating|triaged|working|ticket opened|"
            "aperto|aberto|otwarte|in corso|en curso|em andamento|in behandeling|"
            "zu erledigen|à faire|w toku|in arbeit|in bearbeitung (zugewiesen)|"
            "in bearbeitung (geplant)|"
            "en curso (asignada)|en curso (planificada)|en curso (asignado)|ouverte|abierta|"
            "réouvert|wiedereröffnet|reabierto|eskaliert|angenommen|zugewiesen|en progreso|"
            "por hacer|tareas por hacer|"
            "warten auf support|new reply|customer responded|in lavorazione",
        ),
        (
            _CUSTOMER,
            "pending|waiting for customer|waiting on customer|awaiting customer|awaiting reply|"
            "awaiting user|pending customer|waiting for reporter|waiting for user|"
            "wartet auf kunden|needs info|waiting on user|waiting for client|warten auf kunde|"
            "pendiente|pendente|warten auf kunden|wartet auf kunde|wartet auf den kunden|"
            "en attente du client|en attente client|esperando al cliente|esperando por el cliente|"
            "awaiting user info|awaiting caller|waiting for reply|warte auf antwort|rückfrage",
        ),
        (
            _OTHER,
            "hold|on hold|on-hold|onhold|waiting|stalled|pending reminder|pending auto close+|"
            "pending auto close-|pending close|waiting for support|waiting on third party|"
            "waiting for vendor|waiting for approval|blocked|suspended|wartend|en attente|"
            "waiting for third party|deferred|zurückgestellt|paused|en espera|in attesa|wachtend|"
            "ausstehend|geplant|pausiert|warte auf dritte|awaiting vendor|waiting on vendor|"
            "pending vendor|warten auf genehmigung|warten zur erinnerung|"
            "warten auf erfolgreich schließen|warten auf erfolglos schließen|"
            "recordatorio pendiente|en attente de rappel|lembrete de pendente",
        ),
        (
            _SOLVED,
            "solved|resolved|fixed|done|complete|completed|gelöst|erledigt|behoben|résolu|resuelto|"
            "closed successful|verified|finished|implemented|answered and closed|risolto|resolvido|"
            "opgelost|rozwiązane|fertig|terminé|terminé(e)|erfolgreich geschlossen|"
            "résolue|resuelta|solucionado|solucionada|terminado|terminada|listo|finalizado|risolta|"
            "abgearbeitet|closed (solved)|closed - resolved|solved (permanently)|"
            "fermée (résolue)|clôture réussie|cerrado exitosamente|cerrado con éxito|"
            "chiuso con successo|fechado com sucesso|fechado com êxito",
        ),
        (
            _CLOSED,
            "closed|close|closed with workaround|geschlossen|abgeschlossen|clos|fermé|cerrado|"
            "archived|chiuso|fechado|gesloten|zamknięte|close|fermée|cerrada|chiusa|archiviert|"
            "closed complete|clôturé|clôturée|beendet",
        ),
        (
            _UNSOLVED,
            "closed unsuccessful|rejected|declined|wont fix|won't fix|wontfix|won't do|not planned|"
            "invalid|abandoned|abgelehnt|incomplete|cannot reproduce|refused|rejeté|"
            "erfolglos geschlossen|closed incomplete|closed skipped|nicht reproduzierbar|rechazado|"
            "fermée (non résolue)|cerrado sin éxito|chiuso senza successo|fechado sem sucesso|"
            "fechado sem êxito",
        ),
        (
            _DUPLICATE,
            "merged|duplicate|zusammengefasst|zusammengefügt|fusionné|fusionnée|fusionado|"
            "fusionada",
        ),
        (_SPAM, "spam"),
        (
            _CANCELLED,
            "cancelled|canceled|deleted|removed|withdrawn|storniert|annulé|gelöscht|annulée|abgebrochen|cancelado|cancelada|"
            "supprimé|supprimée|eliminado|eliminada|entfernt|removido",
        ),
    )
    for word in words.split("|")
}
"""A state word of another desk, lower case → where it leaves a ticket here.

What is solved elsewhere is closed here: nobody is asked again about work that was done long ago.
"""

OURS: dict[str, Standing] = {
    "new": _NEW,
    "open": _OPEN,
    "waiting": _OTHER,
    "waiting for customer": _CUSTOMER,
    "waiting for approval": Standing(State.WAITING, waiting=WaitingFor.APPROVAL),
    "solved": _SOLVED,
    "closed": _CLOSED,
    "unsolved": _UNSOLVED,
    "duplicate": _DUPLICATE,
    "spam": _SPAM,
    "cancelled": _CANCELLED,
}
"""What a mapping may say a state word means."""

URGENT = _either(
    "urgent|blocker|critical|high|highest|emergency|immediate|p0|p1|very high|major|"
    "hoch|sehr hoch|kritisch|dringend|haute|très haute|majeure|alta|urgente|höchste|sehr dringend|"
    "élevée|très élevée|la plus élevée|plus élevée|critique|muy alta|muy urgente|más alta|crítica|"
    "mayor|altissima|critica|schwerwiegend|sev1|sev 1|severity 1|s1"
)
NOT_URGENT = _either(
    "low|lowest|normal|medium|minor|trivial|none|very low|p2|p3|p4|p5|niedrig|mittel|"
    "sehr niedrig|basse|moyenne|très basse|baja|media|no|false|not urgent|standard|"
    "niedrigste|gering|mittlere|faible|très faible|plus faible|moyen|muy baja|baixa|média|bassa|"
    "normale|moderate|planning|s3|s4|sev3|más baja|minore|laag|gemiddeld"
)
YES = frozenset(("yes", "true", "1", "urgent"))
_RANKED = pattern(r"(?:[0-9]{1,2}|[Pp][0-9])(?:\s{0,3}[-–.:)]\s{0,3}|\s{1,3})(?=\w)")

OUTCOMES: dict[str, Outcome | None] = {
    **dict.fromkeys(
        ("fixed", "solved", "resolved", "done", "completed", "closed", "answered", "corrigé"),
        Outcome.SOLVED,
    ),
    **dict.fromkeys(("duplicate", "dup"), Outcome.DUPLICATE),
    "spam": Outcome.SPAM,
    "": None,
}
CHANNELS: dict[str, Channel] = {
    word: channel
    for channel, words in (
        (Channel.EMAIL, "email|e-mail|mail|1|outbound email|10|correo|correo electrónico|courriel"),
        (
            Channel.PHONE,
            "phone|telephone|voice|call|3|telefon|téléphone|teléfono|telefono|phone call",
        ),
        (Channel.CHAT, "chat|messaging|sms|twitter|facebook|native_messaging|7|whatsapp"),
        (Channel.WEB, "web|web form|webform|portal|helpdesk|api|web_widget|2|9|help_center|other"),
        (Channel.WALK_UP, "walk-up|walk up|direct|in person"),
        (Channel.VOICEMAIL, "voicemail"),
        (Channel.MONITOR, "monitor|monitoring"),
    )
    for word in words.split("|")
}


def is_urgent(word: str) -> bool:
    """Tell whether a priority is urgent here (A4); `3 high` counts like `high`."""
    plain = plain_word(word)
    return plain in URGENT or plain in YES


def plain_word(word: str) -> str:
    """Give a word of a value table as it is looked up: lower case, without a rank before it."""
    return _RANKED.sub("", " ".join(word.casefold().split()), count=1)


def standing_of(word: str) -> Standing | None:
    """Give where a state word leaves a ticket; None where nobody knows."""
    return STATES.get(" ".join(word.casefold().replace("_", " ").split()))
