"""`deskterm doctor`: what works here, and what to do about the rest."""

import locale
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.session import flags, opened
from deskterm.domain import clock
from deskterm.domain.errors import DeskError

noun = Noun("doctor", "What works here and what to do about the rest.")
Finding = tuple[bool, str]


@noun.verb("", "deskterm doctor")
@reading
def doctor(call: Call) -> int:
    """Look at database, mail, terminal, editor and clipboard; exit code 1 where something fails."""
    records = []
    for name, look in _LOOKS.items():
        try:
            works, detail = look()
        except DeskError as error:
            works, detail = False, str(error)
        records.append({"what": name, "works": works, "detail": detail})
    output.many(records, ("what", "works", "detail"), call.output)
    return 0 if all(record["works"] for record in records) else 1


def _version() -> Finding:
    """Which schema the database has, and what an upgrade would do; before anything opens it."""
    from deskterm import __version__, known
    from deskterm.storage import schema
    from deskterm.storage.driver import connect

    settings, program = flags.settings(), f"deskterm {__version__}"
    if known.begins(settings):
        return True, f"{program}; this desk is new"
    with closing(connect(settings.database_url)) as database:
        found = schema.revision(database)
    if found == schema.HEAD:
        return True, f"{program}; the database has its schema, {found}: nothing to upgrade"
    if found not in schema.KNOWN or found is None:
        what = f"schema {found}, which {program} does not know" if found else "no schema"
        return False, f"the database has {what}: use a newer deskterm, or db init for a new desk"
    from deskterm.storage import migrate

    steps = "; ".join(migrate.missing(found))
    alone = database.dialect == "sqlite"
    how = "the next command, after a copy," if alone else "db upgrade"
    return alone, f"{program}; the database has schema {found}; {how} will do: {steps}"


def _database() -> Finding:
    from deskterm.storage.driver import shown_url
    from deskterm.storage.rights.standing import through_pool
    from deskterm.storage.search import fts5_available

    with opened() as desk:
        total = desk.board.count("is:any")
        with desk.store.reading() as database:
            known, pool = through_pool(database)
        fast = desk.store.dialect == "postgresql" or fts5_available()
        search = "" if fast else "; no FTS5 here, searches are slow: use a newer Python"
        about = f"{shown_url(desk.store.url)}, {total} tickets, you are {desk.me}{search}"
        return fast and known, f"{about}; {pool}" if pool else about


def _mail() -> Finding:
    from deskterm.domain.mail_rows import mail_words, what_to_do
    from deskterm.storage import inbox

    settings = flags.settings()
    with opened() as desk:
        out = desk.outbox.standing()
        with desk.store.reading() as database:
            held = inbox.counts(database).get("quarantined", 0)
        machines = desk.inbox.of_machines()
    parts = [f"SMTP {settings['smtp_host']}" if settings["smtp_host"] else "letters into a Maildir"]
    if settings["smtp_host"] and settings["smtp_security"] == "none" and settings["smtp_user"]:
        parts.append("the password travels in plain (smtp_security)")
    if out.paused or out.failed or out.waiting:
        parts.append(mail_words(out))
    todo = what_to_do(out, clock.now())
    if held:
        parts.append(f"{held} quarantined (mail inbox list)")
    if machines:
        parts.append(f"{machines} by machines about no ticket (mail inbox list --state machine)")
    return not todo, "; ".join([*parts, *([todo] if todo else [])])


def _mailboxes() -> Finding:
    with opened() as desk:
        found = [row for row in desk.mailboxes.all() if row.active]
    wrong = [f"{row.name}: {row.status(clock.now())}" for row in found if row.trouble]
    way = f"{len(found)} mailbox(es)" if found else "mail is handed over (mail mailbox add)"
    return not wrong, "; ".join([way, *wrong])


def _announcements() -> Finding:
    """Those whose letters cannot be written; nobody has a notice of one without tickets."""
    with opened() as desk:
        found = desk.announcements.list()
    wrong = [f"{row.id} cannot be told: {row.trouble}" for row in found if row.trouble]
    todo = ["set its audience anew (announce update, K)"] if wrong else []
    return not wrong, "; ".join([f"{len(found)} planned or running", *wrong, *todo])


def _trackers() -> Finding:
    with opened() as desk:
        names, commands = desk.trackers.names(), desk.trackers.commands
        out = desk.trackers.queue.standing()
    if not names:
        return True, "none (settings set trackers.NAME COMMAND)"
    elsewhere = [name for name in names if name not in commands]
    parts = [f"{name}, {many} problem(s)" for name, many in names.items()]
    parts += [f"{name} is asked by another machine" for name in elsewhere]
    if out.failed:
        parts.append(f"{out.failed} failed: {out.why} (tracker queue --failed)")
    return not (out.failed or out.paused), "; ".join([*parts, *out.paused])


def _triage() -> Finding:
    """From how many tickets triage has learned; the jobs learn the rest."""
    from deskterm.storage.reads.clients import sees_all

    with opened() as desk:
        known, decided = desk.triage.standing()
        with desk.store.reading() as database:
            whole = sees_all(database)
    if not whole:
        return True, "you see a part: proposed are rules, names and what like tickets there were"
    if not decided:
        return True, "no opinion yet: nobody has sorted a ticket"
    rest = "" if known >= decided else "; an open board or `deskterm work` learns the rest"
    return True, f"learned {known:,} of {decided:,} tickets{rest}"


def _history() -> Finding:
    """When the ledger was sealed, and what the rules of retention would let go."""
    from deskterm.services.audit import Audit
    from deskterm.services.privacy import Retention
    from deskterm.storage.rights.standing import may_retain

    with opened() as desk:
        sealed, known = Audit(desk).standing(clock.now())
        due = sum(one.many for one in Retention(desk.store, desk.me).due())
        with desk.store.reading() as database:
            mine = may_retain(database)
    who = "a worker does it" if mine else "workers and managers may"
    rest = f"; {due} to be forgotten by rule (retention run: {who})" if due else ""
    return known, f"{sealed}{rest}"


def _terminal() -> Finding:
    size = shutil.get_terminal_size()
    encoding = locale.getpreferredencoding(False)
    if not sys.stdout.isatty():
        return True, "no terminal on standard output: lists are tab-separated"
    good = size.columns >= 80 and size.lines >= 24 and encoding.lower().startswith("utf")
    advice = "" if good else "; 80×24 and UTF-8 are best"
    return good, f"{os.environ.get('TERM', '?')} {size.columns}×{size.lines} {encoding}{advice}"


def _editor() -> Finding:
    wanted = flags.settings()["editor"] or os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not wanted:
        found = next((name for name in ("nano", "vim", "vi") if shutil.which(name)), None)
        return True, f"no $EDITOR; {found or 'the built-in text area'} is used"
    program = str(wanted).split()[0]
    works = shutil.which(program) is not None
    return works, program if works else f"{program} is not to be found: set $EDITOR"


def _clipboard() -> Finding:
    if os.environ.get("TMUX"):
        return True, "through tmux: needs `set -s set-clipboard on`"
    return True, "through the terminal (OSC 52), where it allows it"


_LOOKS: dict[str, Callable[[], Finding]] = {
    "version": _version,
    "database": _database,
    "mail": _mail,
    "mailboxes": _mailboxes,
    "announcements": _announcements,
    "trackers": _trackers,
    "triage": _triage,
    "history": _history,
    "terminal": _terminal,
    "editor": _editor,
    "clipboard": _clipboard,
}
