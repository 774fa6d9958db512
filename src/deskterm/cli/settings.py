"""`deskterm settings …`: of the machine (a file) and of the desk (its database)."""

from typing import Annotated, Any

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument
from deskterm.cli.session import flags, opened

noun = Noun("settings", "Settings of this machine and of the desk, and where they come from.")
Name = Annotated[str, Argument(metavar="NAME", help="See `deskterm settings list`.")]
COLUMNS = ("name", "value", "source", "help")


@noun.verb("list", "deskterm settings list")
@reading
def list_(call: Call) -> None:
    """List every setting: its value, where that comes from, what it is for."""
    rows = _machine()
    with opened() as desk:
        rows += [one._asdict() for one in desk.desk_settings.all()]
    output.many(rows, COLUMNS, call.output)


@noun.verb("get", "deskterm settings get mail.address")
@reading
def get(call: Call, name: Name) -> None:
    """Print one setting's value."""
    found = next((row for row in _machine() if row["name"] == name), None)
    if found is None:
        with opened() as desk:
            found = desk.desk_settings.get(name)._asdict()
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        output.one(found, call.output, columns=COLUMNS)
        return
    value = found["value"]
    output.prose(" ".join(value) if isinstance(value, list) else str(value))


@noun.verb("set", "deskterm settings set mail.address help@example.org")
@changing
def set_(call: Call, name: Name, value: Annotated[str, Argument(metavar="VALUE")]) -> None:
    """Change a setting: of the desk for everybody, of this machine in its file."""
    _change(call, name, value)


@noun.verb("unset", "deskterm settings unset theme")
@changing
def unset(call: Call, name: Name) -> None:
    """Go back to a setting's default."""
    _change(call, name, None)


@noun.verb("edit", "deskterm settings edit desk.mission")
@changing
def edit(
    call: Call,
    name: Annotated[str | None, Argument(metavar="[NAME]", help="One of the desk.")] = None,
) -> None:
    """Open one of the desk's settings in your editor, or without a name this machine's file."""
    from deskterm.cli.editor import edited
    from deskterm.services import desk_settings

    editor = flags.settings()["editor"]
    if name is None:
        file = _file()
        before = desk_settings.read(file)
        after = edited(editor, before)
        if after != before and not call.dry_run:
            desk_settings.replace(file, after)
        say(f"{file}: {'unchanged' if after == before else 'changed'}.")
        return
    with opened() as desk:
        value = desk.desk_settings.get(name).value
    text = " ".join(value) if isinstance(value, list) else str(value)
    _change(call, name, edited(editor, text).rstrip("\n"))


def _change(call: Call, name: str, text: str | None) -> None:
    from deskterm.services.setting_table import is_desk_setting

    (_change_desk if is_desk_setting(name) else _change_machine)(call, name, text)


def _change_desk(call: Call, name: str, text: str | None) -> None:
    how = asking(call)
    with opened() as desk:
        if text is None:
            done = desk.records.remove("setting", name, how)
        else:
            done = desk.records.set("setting", name, {"value": text}, how)
        value = desk.desk_settings.read(name, text)
    if done.repeated:
        say("It was done before; nothing was done again.")
        return
    say(f"{name} = {_shown(value)}{' (dry run: nothing was kept)' if how.dry else ''}")


def _change_machine(call: Call, name: str, text: str | None) -> None:
    from deskterm.services import desk_settings
    from deskterm.storage.driver import shown_url

    told = "its default" if text is None else shown_url(text) if name == "db" else text
    if call.dry_run:
        say(f"{name} would be {told} in {_file()}.")
        return
    desk_settings.change(_file(), name, text)
    say(f"{name} = {told} ({_file()})")


def _machine() -> list[dict[str, object]]:
    from deskterm.services.desk_settings import machine_settings
    from deskterm.storage.driver import shown_url

    now = flags.settings()
    return [
        {
            "name": name,
            "value": shown_url(now.database_url) if name == "db" else _shown(now[name]),
            "source": now.source(name),
            "help": one.help,
        }
        for name, one in machine_settings().items()
    ]


def _file() -> Any:
    from deskterm import paths

    return paths.config_file()


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {one}" for name, one in value.items())
    return " ".join(value) if isinstance(value, list) else value
