"""`deskterm mail mailbox …` and `mail fetch`: where mail comes from."""

from typing import Annotated, Any

from deskterm.cli import output
from deskterm.cli.change import Call, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed, sure
from deskterm.cli.session import opened
from deskterm.domain import clock
from deskterm.domain.errors import UsageError

_ACTIONS = ("list", "show", "add", "set", "remove", "test")
_COLUMNS = ("name", "kind", "address", "group", "category", "channel", "status")
_SOURCE = (
    "host", "port", "security", "user", "ca_file", "folder", "done", "held", "start", "every",
    "path",
)  # fmt: skip
Text = str | None


def register(noun: Noun) -> None:
    """Add the verbs of this module to `deskterm mail`."""
    example = "deskterm mail mailbox add help --address help@example.org --host imap.example.org"
    noun.verb("mailbox", example)(mailbox)
    noun.verb("fetch", "deskterm mail fetch help -o json")(fetch)


def _option(help_: str, *names: str, metavar: str = "TEXT") -> Any:
    return Option(*names, metavar=metavar, help=help_)


@changing
def mailbox(
    call: Call,
    action: Annotated[str, Argument(metavar="ACTION", help=", ".join(_ACTIONS))] = "list",
    name: Annotated[Text, Argument(metavar="[NAME]")] = None,
    kind: Annotated[Text, _option("imap, maildir, mbox, pipe or lmtp.", metavar="KIND")] = None,
    address: Annotated[Text, _option("Mail to it belongs here.", metavar="ADDRESS")] = None,
    group: Annotated[Text, _option("Its tickets begin in this group.")] = None,
    category: Annotated[Text, _option("Its tickets begin in this category.")] = None,
    channel: Annotated[Text, _option("The channel of its tickets; else email.")] = None,
    active: Annotated[bool | None, Option("--on/--off", help="Watched or not.")] = None,
    host: Annotated[Text, _option("The IMAP server.")] = None,
    port: Annotated[Text, _option("Its port; else 993, or 143 without tls.")] = None,
    security: Annotated[Text, _option("tls, starttls or none.")] = None,
    user: Annotated[Text, _option("Who signs in; else the address.")] = None,
    ca_file: Annotated[Text, _option("Certificates to trust besides the system's.")] = None,
    folder: Annotated[Text, _option("The folder to read; else INBOX.")] = None,
    done: Annotated[Text, _option("Processed mail is moved to this folder.")] = None,
    held: Annotated[Text, _option("Quarantined mail is moved to this folder.")] = None,
    start: Annotated[Text, _option("Of mail there already: unread, all or none.")] = None,
    every: Annotated[Text, _option("Seconds between looks where there is no IDLE.")] = None,
    path: Annotated[Text, _option("The Maildir or the mbox file.")] = None,
    password_command: Annotated[
        Text, _option("A command that prints the password; kept in this machine's settings.")
    ] = None,
    token_command: Annotated[
        Text, _option("A command that prints an XOAUTH2 token; kept likewise.")
    ] = None,
) -> int:
    """List, show, add, set, remove or test the mailboxes that mail comes from.

    Each gives its tickets a group, a category and a channel. Tell what its kind needs: host and
    user for imap, path for maildir and mbox; pipe and lmtp are chosen by their address.
    """
    given = {"address": address, "group": group, "category": category, "channel": channel}
    own = {key: value for key, value in {**given, "active": active}.items() if value is not None}
    everything = locals()
    typed = {key: everything[key] for key in _SOURCE if everything[key] is not None}
    if action == "list" and name is None:
        return _list(call)
    if action not in _ACTIONS or name is None:
        raise UsageError(f"say one of {', '.join(_ACTIONS)}, and a name: mail mailbox add help …")
    if action == "show":
        return _show(call, name)
    if action == "test":
        return _test(name)
    if action == "add":
        _add(call, name, kind, own, typed)
    elif action == "set":
        if kind is not None:
            raise UsageError("the kind of a mailbox stays: remove it and add another.")
        changed(
            call,
            lambda desk, how: desk.mailboxes.set(name, own, typed, how=how),
            f"Mailbox {name} changed",
        )
    else:
        sure(call, f"mailbox {name} is forgotten; its mail and tickets stay")
        changed(
            call, lambda desk, how: desk.mailboxes.remove(name, how=how), f"Mailbox {name} removed"
        )
        return 0
    _keep_commands(call, name, password_command, token_command)
    return 0


@reading
def fetch(
    call: Call,
    name: Annotated[list[str] | None, Argument(metavar="[NAME...]")] = None,
) -> int:
    """Take what is new in the mailboxes named, or in all; exit code 1 where one gives none.

    `deskterm mail process` makes tickets of it, as an open board and `deskterm work` do.
    """
    with opened() as desk:
        done = desk.mailboxes.fetch(name or [])
    columns = ("mailbox", "kept", "copies", "trouble")
    output.many((one._asdict() for one in done), columns, call.output)
    if not done:
        say("There is no mailbox to fetch from: `deskterm mail mailbox add NAME --host …`.")
    return 1 if any(one.trouble for one in done) else 0


def _list(call: Call) -> int:
    with opened() as desk:
        found = desk.mailboxes.all()
    now = clock.now()
    output.many(({**r._asdict(), "status": r.status(now)} for r in found), _COLUMNS, call.output)
    if not found:
        say("No mailboxes yet: `deskterm mail mailbox add NAME --host …`, or see --help.")
    return 0


def _show(call: Call, name: str) -> int:
    with opened() as desk:
        row = desk.mailboxes.get(name)
    record = {**row._asdict(), "status": row.status(clock.now())}
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one(record, call.output)
        return 0
    for key in ("name", "kind", "address", "group", "category", "channel", "active"):
        output.prose(f"{key}: {'' if record[key] is None else record[key]}")
    for key, value in row.source.items():
        output.prose(f"{key}: {value}")
    output.prose(f"status: {record['status']}")
    return 0


def _test(name: str) -> int:
    with opened() as desk:
        output.prose(desk.mailboxes.test(name))
    return 0


def _add(
    call: Call, name: str, kind: str | None, own: dict[str, Any], typed: dict[str, str]
) -> None:
    guessed = kind or ("imap" if "host" in typed else "maildir" if "path" in typed else "pipe")
    changed(
        call,
        lambda desk, how: desk.mailboxes.add(name, guessed, own, typed, how=how),
        f"Mailbox {name} added ({guessed})",
    )


def _keep_commands(call: Call, name: str, password: str | None, token: str | None) -> None:
    """Write the commands into this machine's settings, for the account and no other host."""
    from deskterm import paths
    from deskterm.services.desk_settings import change
    from deskterm.services.mailboxes.secret import PASSWORDS, TOKENS

    given = {PASSWORDS: password, TOKENS: token}
    if call.dry_run or not any(given.values()):
        return
    with opened() as desk:
        row = desk.mailboxes.get(name)
    account = f"{row.source.get('user') or row.address}@{row.source.get('host', '')}"
    for setting, command in given.items():
        if command:
            change(paths.config_file(), f"{setting}.{account}", command)
            say(f"The command for {account} is in this machine's settings.")
