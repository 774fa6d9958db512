"""The table of nouns, and the verbs of each: plain data, imported when they are called."""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from deskterm.cli.options import Function

NOUNS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Open a lifelike company to try everything on"),
    "ticket": ("ticket", "Open, list, show and change tickets"),
    "attachment": ("attachment", "The files on a ticket: list, save, cat"),
    "undo": ("ledger:undo", "Take back your last operation, or a named one"),
    "redo": ("ledger:redo", "Take the last undo back"),
    "log": ("ledger:log", "What was done, by whom and when"),
    "search": ("search", "Find tickets, people, solutions and guides"),
    "person": ("person", "Requesters: list, show, set, merge, import"),
    "group": ("group", "Groups of technicians"),
    "promises": ("promise:promises", "What is promised to people, with its dates"),
    "promise": ("promise", "Keep, move or drop one of them"),
    "absence": ("absence", "Who is off, until when, and who stands in"),
    "workload": ("absence:workload", "Who has what in hand"),
    "competence": ("competence", "Who knows what, where it is missing, who may learn it"),
    "review": ("review", "Call reviews: drawn fairly, filled in by a colleague, summed"),
    "handover": ("handover", "What one shift leaves to the next"),
    "category": ("own:category", "The tree of categories"),
    "field": ("own:field", "Drop-down fields of the desk's own"),
    "service": ("records:service", "What the desk offers"),
    "offer": ("offer", "What is promised: for a service, by contract, in versions"),
    "calendar": ("calendar", "Business hours and holidays"),
    "site": ("records:site", "Places where people work"),
    "device": ("records:device", "Machines and things that people use"),
    "remote": ("records:remote", "Commands that open a session to a device"),
    "text": ("means:text", "Canned texts: inserted by a short name while writing"),
    "macro": ("records:macro", "Several verbs under one name, as one operation"),
    "checklist": ("means:checklist", "Items on tickets: put on, ticked, required before solving"),
    "ticket-template": ("records:ticket_template", "Tickets that are filled in already"),
    "recurring": ("means:recurring", "Tickets opened again and again by a rule"),
    "verb": ("means:verb", "The desk's own verbs: a program, the ticket as JSON"),
    "hook": ("means:hook", "Programs of this machine: asked before a change, told after it"),
    "technician": ("own:technician", "Whoever works on tickets, and who leaves"),
    "mailbox": ("records:mailbox", "Where mail comes from, as records"),
    "template": ("records:template", "The words of letters, as records"),
    "org": ("own:org", "Client organisations"),
    "rule": ("rule", "Rules of the desk's own for new tickets"),
    "view": ("own:view", "Saved views of the board"),
    "guide": ("guide", "Troubleshooting guides: run, check, import"),
    "solution": ("solution", "Solutions: draft, review, publish, site"),
    "problem": ("problem", "One cause behind several tickets: known errors, incidents"),
    "release": ("release", "What fixes problems: plan, ship, withdraw"),
    "tracker": ("tracker", "Outside trackers: what waits to be asked, GitHub, GitLab"),
    "visit": ("visit", "Visits: times offered, chosen, the list of the day"),
    "time": ("time_", "Time worked: book it, your clock, what is proposed, lists"),
    "insight": ("insight", "How the desk works: nine steps, mistakes, reports"),
    "figures": ("figures", "Performance: how many, how fast, how well, any period"),
    "register": ("register", "What is done to improve, and whether it worked"),
    "board-pack": ("register:board_pack", "What the review board gets before it meets"),
    "decision": ("register:decision", "What the review board is asked and decided"),
    "feedback": ("records:feedback", "What people said: focus groups, conversations"),
    "member": ("records:member", "Who sits on the review board"),
    "announce": ("announce", "Say something to everyone until it ends: on the board"),
    "announcement": ("announce:announcement", "What is announced, as records"),
    "triage": ("triage", "What fits a ticket: solutions, guides, like tickets"),
    "mail": ("mail", "Mail in and out"),
    "import": ("import_", "Bring tickets from elsewhere"),
    "export": ("export", "Write everything to a folder"),
    "notices": ("notices", "What you are told of: list, seen"),
    "me": ("me", "Yourself: your address, and what you are told of"),
    "focus": ("me:focus", "Close the door for an hour: what is not urgent waits"),
    "work": ("work", "Do the jobs: inbox, outbox, reminders"),
    "web": ("web", "The web face: pages for those who report"),
    "db": ("db", "The database: init, status, upgrade, backup, restore, check"),
    "team": ("team", "Who is what on PostgreSQL: add, role, restrict, remove, check, list"),
    "retention": ("own:retention", "How long words and people's data are kept, by rule"),
    "audit": ("audit", "Seal the ledger, verify that nothing was altered"),
    "settings": ("settings", "Settings and where they come from"),
    "doctor": ("doctor", "What works here and what to do about the rest"),
    "man": ("man", "The manual page, made from the help"),
}
"""name → (module in deskterm.cli, optionally :attribute; help)."""


class Verb(NamedTuple):
    """One verb of a noun."""

    name: str
    function: Function
    example: str


class Noun:
    """A noun of the command line: its help and its verbs."""

    def __init__(self, name: str, help_text: str) -> None:
        self.name = name
        self.help = help_text
        self._known: dict[str, Verb] = {}
        self._later: list[str] = []

    @property
    def verbs(self) -> dict[str, Verb]:
        """Every verb; modules that were left for later are imported now."""
        while self._later:
            self._import_next()
        return self._known

    def find(self, name: str) -> Verb | None:
        """Give one verb; modules left for later are imported, in order, until it is known."""
        while name not in self._known and self._later:
            self._import_next()
        return self._known.get(name)

    def _import_next(self) -> None:
        import_module(f"deskterm.cli.{self.name}.{self._later.pop(0)}").register(self)

    @property
    def alone(self) -> Verb | None:
        """The verb without a name, where the noun is one itself."""
        return self._known.get("")

    def later(self, *modules: str) -> None:
        """Name modules of the noun's package whose `register(noun)` adds verbs, when needed."""
        self._later += modules

    def verb(self, name: str, example: str) -> Callable[[Function], Function]:
        """Register a function as a verb, with an example for its help."""

        def register(function: Function) -> Function:
            self._known[name] = Verb(name, function, example)
            return function

        return register

    def add(self, *verbs: tuple[str, Function, str]) -> None:
        """Register several: (name, function, its example after the noun)."""
        for name, function, example in verbs:
            self._known[name] = Verb(name, function, f"deskterm {self.name} {example}")


def noun_of(name: str) -> Noun | None:
    """Import a noun of the table; None where there is none of that name."""
    if name not in NOUNS:
        return None
    module, _, attribute = NOUNS[name][0].partition(":")
    found: Noun = getattr(import_module(f"deskterm.cli.{module}"), attribute or "noun")
    return found
