"""Records of the desk's mail and of its settings: mailboxes, words of letters, settings."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING

from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.record_table import Field
from deskterm.domain.text import check_language, header_safe, is_blank, storable
from deskterm.domain.vocabulary import Event
from deskterm.services.mailboxes.options import check_complete, filled, read_options
from deskterm.services.records.keeper import Keeper
from deskterm.services.records.listed import Given, Key, Shown
from deskterm.services.setting_table import TABLE, declared
from deskterm.storage import mailboxes
from deskterm.storage.desk_settings import LETTER, read_all
from deskterm.storage.held_row import HeldRow
from deskterm.storage.mailbox_choice import without_token
from deskterm.storage.names import number_of
from deskterm.storage.reads import rows
from deskterm.storage.subjects import HeldSettings

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_RESERVED = ("inbox", "import")
_PLACE = ("host", "user", "folder", "path")
"""What makes it another place: nothing is known of how far that one was read."""
_LONGEST = 40


class Mailboxes(Keeper):
    """Where mail comes from; what its kind needs to know is kept in `source`."""

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a mailbox with what its kind needs."""
        return super().shown(database, row) | filled(row["kind"], row["source"])

    def texts(self, database: "Database", shown: Shown) -> dict[str, str]:
        """Give every field of its kind; of a new one all."""
        texts = super().texts(database, shown)
        own = {one.name for one in self.record.fields if one.kind != "option"} | shown.keys()
        return {name: text for name, text in texts.items() if name in own or "id" not in shown}

    def name(self, text: str) -> str:
        """Give a name as it is kept; raises UsageError."""
        name = header_safe(storable(text)).strip()
        if is_blank(name) or len(name) > _LONGEST or name in _RESERVED or name.startswith("-"):
            raise UsageError(
                f"a mailbox's name has 1 to {_LONGEST} characters and is not {text[:40]!r}."
            )
        return name

    def makes(self, name: str) -> bool:
        """A mailbox is added with what its kind needs."""
        del name
        return False

    def begin(self, row: HeldRow, name: str) -> None:
        """A new one has no kind until it is said."""
        super().begin(row, name)
        row.set(kind="", source={})

    def change(self, row: HeldRow, given: Given) -> None:
        """Set what was typed: the kind first, it says what is needed."""
        order = sorted(given, key=lambda one: one != "kind")
        super().change(row, {name: given[name] for name in order})

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field; the kind of one that is there stays."""
        if field.kind == "option":
            kept = {key: one for key, one in row["source"].items() if key != field.name}
            typed = read_options(row["kind"], {field.name: text}) if text.strip() else {}
            row.set(source={**kept, **typed})
        elif field.name == "kind" and row.number and text.strip() != row["kind"]:
            raise UsageError("the kind of a mailbox stays: remove it and add another.")
        else:
            super().set_field(row, field, text)
            row.set(address=without_token(row["address"]) if row["address"] else "")

    def check(self, row: HeldRow) -> None:
        """It knows what its kind needs, and its address is nobody else's."""
        if not row["kind"]:
            raise UsageError("what kind of mailbox is it? Say imap, maildir, mbox, pipe or lmtp.")
        check_complete(row["kind"], row["source"])
        other = mailboxes.owner_of_address(row.work.spine, row["address"], row.number)
        if other:
            raise RefusedError(f"{row['address']} is the address of mailbox {other}.")

    def settle(self, row: HeldRow, given: Given) -> HeldRow:
        """Write it; of another place nothing is known yet."""
        before = dict(row["source"] or {}) if row.number else None
        super().settle(row, given)
        if before is not None and any(before.get(one) != row["source"].get(one) for one in _PLACE):
            mailboxes.forget_place(row.work.spine, row.number)
        return row


class _Named(Keeper):
    """What is kept as settings under names that are given."""

    @abstractmethod
    def key_of(self, database: "Database", name: str) -> str:
        """Give the name of the setting; raises NotFoundError, UsageError."""

    def one(self, database: "Database", name: str) -> Shown:
        """Give one of them; raises NotFoundError."""
        wanted = self.key_of(database, name)
        known = (one for one in self.listed(database) if one["id"] == wanted)
        found = next(known, None)
        if found is None:
            raise NotFoundError(f"there is no {self.kind} {name[:60]!r}.")
        return found

    def texts(self, database: "Database", shown: Shown) -> dict[str, str]:
        """Give the value as a person would type it."""
        del database
        return {field.name: _typed(shown[field.name]) for field in self.record.fields}

    def find(self, database: "Database", name: str) -> Key:
        """Give the name of the setting."""
        return self.key_of(database, name)

    def uses(self, database: "Database", key: Key) -> dict[str, int]:
        """Nothing names a setting."""
        del database, key
        return {}

    def put(self, work: "Work", name: str, given: Given, version: int | None = None) -> None:
        """Keep a value."""
        self.check_fields(given)
        for field, text in given.items():
            try:
                self.keep_value(work, name, self.read(name, text), version)
            except UsageError as error:
                error.field = field
                raise

    @abstractmethod
    def read(self, name: str, text: str) -> object:
        """Read what was typed; raises UsageError."""

    def remove(self, work: "Work", name: str, version: int | None = None) -> None:
        """Go back to the default."""
        self.keep_value(work, name, None, version)

    def keep_value(self, work: "Work", name: str, value: object, version: int | None) -> None:
        """Write one setting with its ledger entry; what counts by it follows."""
        key = self.key_of(work.spine, name)
        settings = HeldSettings(work)
        self.check_version(work, key, name, version)
        settings.restore(key, value)
        settings.write(Event.EDITED)


class Settings(_Named):
    """The desk's own settings."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give every setting with where its value comes from."""
        stored = read_all(database)
        return [
            {
                "id": one.name,
                "name": one.name,
                "value": stored.get(one.name, one.default),
                "source": "desk" if one.name in stored else "default",
                "help": one.help,
                "used": 0,
                "version": rows.version(database, self.kind, one.name),
            }
            for one in TABLE[:most]
            if words.casefold() in f"{one.name} {one.help}".casefold()
        ]

    def key_of(self, database: "Database", name: str) -> str:
        """Give the name of a declared setting."""
        del database
        return declared(name).name

    def read(self, name: str, text: str) -> object:
        """Read a value; the error names the setting."""
        one = declared(name)
        try:
            return one.read(text)
        except UsageError as error:
            raise UsageError(f"{name}: {error}") from None


class Templates(_Named):
    """The words of letters: `opened`, `de.opened`."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give every letter with its words, in each language of which the desk has own words."""
        from deskterm.mail.templates import ALL, key_of, languages_of, template_of

        edited = _edited(database)
        own = languages_of(edited)
        keys = [(key_of(name, one), name, one) for name in ALL for one in ("en", *own)]
        found = [
            {
                "id": LETTER + key,
                "name": key,
                "words": template_of(name, language, edited),
                "about": ALL[name],
                "source": "desk" if key in edited else "default",
                "used": 0,
                "version": rows.version(database, "setting", LETTER + key),
            }
            for key, name, language in keys[:most]
            if words.casefold() in f"{key} {ALL[name]}".casefold()
        ]
        return found + [
            one
            for one in _of_clients(database, edited)
            if words.casefold() in f"{one['name']} {one['about']}".casefold()
        ]

    def key_of(self, database: "Database", name: str) -> str:
        """Give the setting that holds a letter's words: `opened`, `de.opened`, `Clinic/opened`."""
        from deskterm.mail.templates import check_name

        client, slash, letter = name.rpartition("/")
        language, dot, word = letter.rpartition(".")
        check_name(word)
        if dot:
            check_language(language)
        if not slash:
            return LETTER + letter
        return f"{LETTER}{number_of(database, 'organisation', client)}/{letter}"

    def check_version(self, work: "Work", key: Key | None, name: str, version: int | None) -> None:
        """Words of letters are settings."""
        if version is not None and rows.version(work.spine, "setting", str(key)) != version:
            from deskterm.domain.errors import ConflictError

            raise ConflictError(f"the letter {name} was changed meanwhile. Look at it again.")

    def read(self, name: str, text: str) -> object:
        """Read words that can be rendered; raises UsageError naming the line."""
        from deskterm.mail.template_check import check_template

        language, _, letter = name.rpartition("/")[2].rpartition(".")
        check_template(letter, text, language)
        return storable(text)


def _of_clients(database: "Database", edited: Mapping[str, str]) -> list[Shown]:
    """Give the letters of which clients have own words, under `Clinic/opened`."""
    from deskterm.mail.templates import ALL

    names = {str(key): name for key, name in rows.names(database, "organisation")}
    found = []
    for key, text in sorted(edited.items()):
        client, slash, letter = key.partition("/")
        if slash and client in names:
            word = letter.rpartition(".")[2]
            found.append(
                {
                    "id": LETTER + key,
                    "name": f"{names[client]}/{letter}",
                    "words": text,
                    "about": f"{ALL.get(word, word)}, to people of {names[client]}",
                    "source": "client",
                    "used": 0,
                    "version": rows.version(database, "setting", LETTER + key),
                }
            )
    return found


def _edited(database: "Database") -> Mapping[str, str]:
    """Give the letters that the desk has edited."""
    stored = read_all(database).items()
    return {key.removeprefix(LETTER): str(one) for key, one in stored if key.startswith(LETTER)}


def _typed(value: object) -> str:
    """Give a setting's value as a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(one) for one in value) if isinstance(value, list) else str(value)
