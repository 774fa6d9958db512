"""What each command and each pure package loads, seen in clean interpreters (design.md §3)."""

import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from deskterm.bootstrap import open_desk
from deskterm.settings import load
from tests.arch.clean import command, imports
from tests.builders import open_ticket, solved_ticket
from tests.verbs import verbs

SLOW = {
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "textual",
    "rich",
    "alembic",
    "jinja2",
    "selectolax",
    "ruamel",
    "charset_normalizer",
    "imap_tools",
    "aiosmtpd",
    "platformdirs",
}
"""What no quick command may load."""

LETTER = (
    b"From: ada@example.org\r\nSubject: VPN\r\nMessage-ID: <one@example.org>\r\n\r\nno route\r\n"
)
HEAVY = {
    "uuid",
    "platform",
    "subprocess",
    "asyncio",
    "ssl",
    "email",
    "logging",
    "tempfile",
    "typer",
}
"""What of the standard library, and beside it, costs a quick command more than it is worth."""
QUICK = {
    "new": "ticket new --from ada@example.org --subject VPN",
    "note": "ticket note 1 --body x",
    "reply": "ticket reply 1 --body x",
    "take": "ticket take 1",
    "assign": "ticket assign 1 --to me",
    "set": "ticket set 1 --urgent",
    "wait": "ticket wait 1 --for customer --until 3d",
    "solve": "ticket solve 1 --resolution x",
    "close": "ticket close 2 --as solved --reason x",
    "close, dry": "ticket close 1 --as spam --dry-run",
    "link": "ticket link 1 --to 2",
    "merge": "ticket merge 1 --into 2",
    "undo": "undo",
    "log": "log",
    "list": "ticket list",
    "list, query": "ticket list urgent:yes,no age>1h vpn",
    "list, csv": "ticket list -o csv",
    "show": "ticket show 1",
    "show, json": "ticket show 1 -o json",
    "search": "search printer",
    "board on a pipe": "",
    "mail receive": "mail receive",
}

MOST = {"list": 75, "list, query": 75, "list, csv": 75, "search": 63, "mail receive": 48} | {
    "note": 98,
    "new": 102,
    "take": 99,
    "assign": 99,
    "close": 105,
    "show": 104,
    "merge": 121,  # items of checklists follow
}
"""So many modules of ours a command may load at most; each costs a fifth of a millisecond."""


TEAMS = (
    *("deskterm.storage.rights", "deskterm.domain.team", "deskterm.services.team"),
    *("deskterm.services.staff", "deskterm.domain.presence", "deskterm.services.audit"),
    *("deskterm.services.sealed", "deskterm.services.privacy", "deskterm.services.records"),
)
"""What a desk that is one person's file has no use for: its commands load none of it."""


@pytest.fixture(scope="module")
def used_desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with an open ticket (1) and a verified one (2)."""
    file = tmp_path_factory.mktemp("used") / "desk.sqlite"
    shutil.copy(sqlite_template, file)
    desk = open_desk(load({"db": f"sqlite:///{file}"}, as_login="cy"))
    open_ticket(desk)
    number = solved_ticket(desk)
    verbs(desk).verify([number], "craft", "ok", "")
    with desk.store.reading() as database:
        database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.close()
    return file


@pytest.mark.parametrize("name", QUICK)
def test_a_quick_command_loads_nothing_slow(name: str, used_desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "desk.sqlite"
    shutil.copy(used_desk, file)
    arguments = ["--db", f"sqlite:///{file}", *QUICK[name].split()]
    loaded = command(arguments, tmp_path, LETTER)
    assert loaded.code == 0, loaded.err
    assert not loaded.packages & (SLOW | {"psycopg"})
    assert not loaded.packages & HEAVY or name == "board on a pipe"
    assert not [one for one in loaded.modules if one.startswith(TEAMS)]
    assert len(loaded.ours) <= MOST.get(name, 120), sorted(loaded.ours)


def test_receiving_a_mail_loads_no_other_verb_of_mail(used_desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "desk.sqlite"
    shutil.copy(used_desk, file)
    loaded = command(["--db", f"sqlite:///{file}", "mail", "receive"], tmp_path, LETTER)
    assert loaded.code == 0, loaded.err
    assert not {one for one in loaded.modules if one.startswith("deskterm.cli.mail.")}
    assert not loaded.packages & {"dataclasses", "inspect", "random"}


@pytest.mark.parametrize(
    "arguments",
    [
        "ticket list",
        "ticket list -o json",
        "search printer",
        "ticket new --from ada@example.org --body x",
        "mail receive",
    ],
)
def test_postgresql_adds_libpq_and_nothing_else(
    arguments: str, postgres_url: str, tmp_path: Path
) -> None:
    loaded = command(["--db", postgres_url, *arguments.split()], tmp_path, LETTER)
    assert loaded.code == 0, loaded.err
    assert "psycopg" in loaded.packages
    heavy = {"ssl", "email", "ctypes", "typing_extensions", "dis"}
    assert not loaded.packages & (SLOW | heavy)
    assert not loaded.modules & {"asyncio.events", "importlib.metadata", "logging.handlers"}
    assert not loaded.modules & {"psycopg.connection", "psycopg.cursor", "psycopg.types"}


@pytest.mark.parametrize("arguments", ["--help", "--version", "ticket --help", "ticket new --help"])
def test_help_opens_no_database_and_makes_no_file(arguments: str, tmp_path: Path) -> None:
    loaded = command(arguments.split(), tmp_path)
    assert loaded.code == 0, loaded.err
    assert not [name for name in loaded.modules if name.startswith("deskterm.storage")]
    assert not loaded.packages & (SLOW | {"sqlite3", "psycopg"})
    assert not list((tmp_path / "home").rglob("*"))


PURE = {
    "domain": ({"domain"}, {"packaging"}),
    "triage": ({"triage", "domain"}, set()),
    "guides": ({"guides", "domain"}, {"ruamel"}),
    "calendars": ({"calendars", "domain"}, set()),
    "reports": ({"reports", "domain"}, set()),
    "mail": (
        {"mail", "domain", "disk"},
        {"selectolax", "charset_normalizer", "imap_tools", "aiosmtpd", "jinja2", "markupsafe"},
    ),
}
"""package → (packages of ours it may load, others it may load beside the standard library)."""


def _modules(package: str) -> Iterator[str]:
    found = import_module(f"deskterm.{package}")
    yield found.__name__
    for one in pkgutil.walk_packages(found.__path__, found.__name__ + "."):
        yield one.name


@pytest.mark.parametrize("package", PURE)
def test_a_pure_package_loads_the_standard_library_only(package: str, tmp_path: Path) -> None:
    ours, others = PURE[package]
    names = [name for name in _modules(package) if "smtp" not in name]
    loaded = imports(names, tmp_path)
    strangers = loaded.packages - set(sys.stdlib_module_names) - {"deskterm", "__main__"}
    bare = imports(["json"], tmp_path)
    cython = {name for name in strangers if "cython" in name}
    assert strangers - bare.packages - cython <= others
    inside = {name.split(".")[1] for name in loaded.modules if name.startswith("deskterm.")}
    assert inside <= ours
    assert not loaded.packages & {"sqlite3", "subprocess"} or package == "mail"


def test_the_board_loads_what_keys_lead_to_when_a_key_asks(tmp_path: Path) -> None:
    first = ("app", "bootstrap", "screens.keymap", "screens.board.screen")
    loaded = imports([f"deskterm.{name}" for name in first], tmp_path)
    later = ("deskterm.screens.dialogs", "deskterm.screens.flows.tickets", "textual.document")
    assert not [name for name in loaded.modules if name.startswith(later)]
    assert len(loaded.ours) <= 86, sorted(loaded.ours)


def test_screens_and_widgets_load_no_database(tmp_path: Path) -> None:
    names = [*_modules("screens"), *_modules("widgets")]
    loaded = imports(names, tmp_path)
    below = ("deskterm.services", "deskterm.storage", "deskterm.models", "deskterm.mail")
    assert not [name for name in loaded.modules if name.startswith(below)]
    assert not loaded.packages & {"sqlalchemy", "pydantic", "psycopg", "sqlite3"}


def test_the_board_leaves_tls_to_mail_which_still_has_it() -> None:
    code = (
        "import sys; from deskterm.cli.board import _load_asyncio; _load_asyncio()\n"
        "assert sys.modules['asyncio.sslproto'].ssl is None and 'ssl' not in sys.modules\n"
        "import smtplib, ssl; assert smtplib.SMTP_SSL and ssl.create_default_context()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_board_leaves_out_what_textual_names_and_gives_it_to_who_asks() -> None:
    code = (
        "import sys; from deskterm.cli.board import _load_textual; _load_textual()\n"
        "import textual.app\n"
        "left = {'difflib', 'mimetypes', 'platformdirs', 'rich.table', 'uuid',\n"
        "  'textual.types', 'textual.widgets._select', 'textual.widgets._tree',\n"
        "  'typing_extensions', 'platform', 'textual.command', 'textual.fuzzy',\n"
        "  'textual.widgets._option_list'}\n"
        "assert not left & set(sys.modules), left & set(sys.modules)\n"
        "import deskterm.app, deskterm.screens.keymap, deskterm.screens.board.screen\n"
        "assert not left & set(sys.modules), left & set(sys.modules)\n"
        "assert textual.app.CommandPalette.is_open.__module__ == 'textual.command'\n"
        "from textual.command import Provider, SimpleProvider\n"
        "assert issubclass(SimpleProvider, Provider) and textual.app.CommandPalette(providers=[])\n"
        "import rich.table, textual.app, textual.design, textual.suggestions, uuid\n"
        "import typing_extensions\n"
        "from textual.notifications import Notification\n"
        "from textual.types import DirEntry, IgnoreReturnCallbackType\n"
        "from textual.widgets import Select, Tree\n"
        "assert DirEntry.__module__ == 'textual.widgets._directory_tree' and Select and Tree\n"
        "assert textual.suggestions.get_suggestion('heigth', ['height']) == 'height'\n"
        "assert len(Notification('x').identity) == 36 and textual.app.uuid.uuid4()\n"
        "assert textual.app.mimetypes.guess_type('a.txt')[0] == 'text/plain'\n"
        "assert textual.app.user_downloads_path().name\n"
        "assert isinstance(textual.design.Table(box=None), rich.table.Table)\n"
        "assert typing_extensions.TypeVar('T', default=int).__default__ is int"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
