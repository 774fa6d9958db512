"""From what a person types to what a record holds, and back: by the kinds of `Field.kind`."""

import json
import shlex
from collections.abc import Callable, Mapping
from datetime import date, datetime

from deskterm.domain import clock
from deskterm.domain.address import normal_address
from deskterm.domain.competences import LEVELS
from deskterm.domain.errors import UsageError
from deskterm.domain.news import Kind
from deskterm.domain.patterns import pattern
from deskterm.domain.record_table import Field
from deskterm.domain.text import check_language, header_safe, storable
from deskterm.services.setting_table import declared
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database
from deskterm.storage.names import login_of, number_of
from deskterm.storage.people import find_person
from deskterm.storage.reads.asked import desk_zone
from deskterm.triage.query import parse
from deskterm.triage.spans import later, span

Read = Callable[[Database, Field, str], object]
"""From the text of a field to its value; raises UsageError, NotFoundError."""
_MOST_DAYS = 500
_OLDEST = 36_500
_PROGRAM = pattern(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}\Z")
_KEY = pattern(r"(?:f[1-9]|f1[0-2]|(?:ctrl|alt)\+[a-z0-9])\Z")
_YES = {"yes": True, "on": True, "true": True, "y": True, "1": True}
_NO = {"no": False, "off": False, "false": False, "n": False, "0": False}


def flag(text: str) -> bool:
    """Give yes or no; raises UsageError."""
    known = _YES | _NO
    word = text.strip().lower()
    if word not in known:
        raise UsageError(f"{text[:40]!r} is neither yes nor no.")
    return known[word]


def lines(text: str) -> list[str]:
    """Give the lines of a text; of a single line, what its commas part."""
    text = storable(text)
    parts = text.split("\n") if "\n" in text else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def pairs(text: str) -> dict[str, str]:
    """Give name → value of lines like `os=Windows`; raises UsageError."""
    found = {}
    for line in lines(text):
        name, sign, value = line.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise UsageError(f"{line[:60]!r}: write a field like os=Windows.")
        found[name.strip()] = value.strip()
    return found


def _text(_database: Database, _field: Field, text: str) -> str:
    return header_safe(storable(text))


def _long(_database: Database, _field: Field, text: str) -> str:
    return storable(text).strip()


def _level(_database: Database, _field: Field, text: str) -> int:
    if text.strip() not in tuple("123456789"):
        raise UsageError(f"{text[:40]!r} is no level from 1 to 9.")
    return int(text)


def _number(_database: Database, _field: Field, text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit()) or int(text.strip()[:9]) > 10_000:
        raise UsageError(f"{text[:40]!r} is no number from 0 to 10000.")
    return int(text)


def _skill(_database: Database, _field: Field, text: str) -> int:
    word = text.strip().lower()
    if word in LEVELS:
        return LEVELS.index(word)
    if word not in tuple("0123"):
        said = ", ".join(f"{level} {words}" for level, words in enumerate(LEVELS))
        raise UsageError(f"{text[:40]!r} is no level: {said}.")
    return int(word)


def _roles(database: Database, _field: Field, text: str) -> list[str]:
    known = lines(str(value(database, "desk.roles")))
    by_name = {one.casefold(): one for one in known}
    wanted = list(dict.fromkeys(one.casefold() for one in lines(text)))
    odd = next((one for one in wanted if one not in by_name), None)
    if odd is not None:
        raise UsageError(
            f"there is no role {odd[:40]!r}; there are {', '.join(known)} "
            "(the setting desk.roles names them)."
        )
    return [by_name[one] for one in wanted]


def _language(_database: Database, _field: Field, text: str) -> str:
    check_language(text.strip())
    return text.strip()


def _facts(_database: Database, _field: Field, text: str) -> dict[str, object]:
    if text.strip() and not text.lstrip().startswith(("{", "[")):
        return dict(pairs(text))
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise UsageError(
            f"facts are lines like gateway=10.0.0.1, or a JSON object: {error}."
        ) from error
    if not isinstance(found, dict):
        raise UsageError('facts are a JSON object such as {"gateway": "10.0.0.1"}.')
    return found


def _name(database: Database, field: Field, text: str) -> int | None:
    return number_of(database, field.of, text) if text.strip() else None


def _person(database: Database, _field: Field, text: str) -> int | None:
    return find_person(database, text.strip()) if text.strip() else None


def _login(database: Database, _field: Field, text: str) -> str | None:
    return login_of(database, text) if text.strip() else None


def _yes(_database: Database, _field: Field, text: str) -> bool:
    return flag(text)


def _word(_database: Database, field: Field, text: str) -> str:
    word = text.strip()
    if word not in field.words:
        raise UsageError(
            f"there is no {field.name} {text[:40]!r}; use one of {', '.join(field.words)}."
        )
    return word


def _query(_database: Database, _field: Field, text: str) -> str:
    if not text.strip():
        raise UsageError("which tickets? Give a query; 'is:any' means every one.")
    parse(text)
    return storable(text.strip())


def _address(_database: Database, _field: Field, text: str) -> str:
    return normal_address(text) if text.strip() else ""


def _moment(database: Database, _field: Field, text: str) -> datetime | None:
    if not text.strip():
        return None
    now = clock.now()
    return now if text.strip() == "now" else later(text, now, desk_zone(database))


def _lines(_database: Database, _field: Field, text: str) -> list[str]:
    return lines(text)


def _notices(_database: Database, _field: Field, text: str) -> str | None:
    """Give the kinds as stored; None for the default."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if names == ["default"]:
        return None
    names = [] if names == ["none"] else names
    odd = next((name for name in names if name not in tuple(Kind)), None)
    if odd is not None:
        raise UsageError(
            f"there is no notice {odd[:40]!r}; use {', '.join(Kind)}, or default or none."
        )
    return ",".join(kind for kind in Kind if kind in names)


def _problem(database: Database, _field: Field, text: str) -> int | None:
    from deskterm.domain.problems import number_of as problem_of
    from deskterm.storage.reads.problems import some, there_is_none

    if not text.strip():
        return None
    number = problem_of(text)
    if not some(database, [number]):
        raise there_is_none(number)
    return number


def _audience(database: Database, _field: Field, text: str) -> str:
    """Give a query over people that finds its names; `everyone` is nothing said."""
    from deskterm.storage.reads.where_people import where_people
    from deskterm.triage.people_terms import audience

    words = storable(text.strip())
    if words.casefold() in ("", "everyone"):
        return ""
    where_people(database, audience(words))
    return words


def _as_setting(name: str) -> Read:
    """Give what reads a text as the desk's setting of that name is read; empty stays so."""

    def read(_database: Database, _field: Field, text: str) -> object:
        return declared(name).read(text) if text.strip() else ""

    return read


def _days(_database: Database, _field: Field, text: str) -> list[str]:
    from deskterm.calendars.hours import read_holidays

    found = [" ".join(line.split()) for line in lines(text)]
    if len(found) > _MOST_DAYS:
        raise UsageError(f"more than {_MOST_DAYS} days; a country or a feed knows many at once.")
    read_holidays(found)
    return found


def _day(database: Database, _field: Field, text: str) -> str:
    """Give a day in the desk's zone as it is stored."""
    if not text.strip():
        return ""
    zone, now = desk_zone(database), clock.now()
    word = text.strip().lower()
    if word == "today":
        return now.astimezone(zone).date().isoformat()
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError:
        return later(text, now, zone).astimezone(zone).date().isoformat()


def _feed(_database: Database, _field: Field, text: str) -> str:
    feed = header_safe(storable(text)).strip()
    if "://" in feed and not feed.startswith(("https://", "http://")):
        raise UsageError(f"{feed[:60]!r} is neither a file nor an https address.")
    return feed


def _command(_database: Database, _field: Field, text: str) -> str:
    """Give an argument list as it is typed; raises UsageError for what no shell would read."""
    from deskterm.services.remote import arguments_of

    words = " ".join(storable(text).split())
    if words:
        arguments_of(words)
    return words


def _short(_database: Database, _field: Field, text: str) -> str:
    word = header_safe(storable(text)).strip().removeprefix("::")
    if len(word) > 40 or any(one.isspace() for one in word):
        raise UsageError(f"{text[:60]!r}: a short name is one word of up to 40 characters.")
    return word


def _steps(_database: Database, _field: Field, text: str) -> list[Mapping[str, object]]:
    from deskterm.services.means.steps import read_steps

    return read_steps(text)


def _rule(_database: Database, _field: Field, text: str) -> str:
    from deskterm.calendars.recurrence import read_rule

    return read_rule(text) if text.strip() else ""


def _argv(_database: Database, _field: Field, text: str) -> str:
    """Give an argument list as it is typed; its program is a name, never a path."""
    words = " ".join(storable(text).split())
    try:
        argv = tuple(shlex.split(words))
    except ValueError as error:
        raise UsageError(f"{text[:80]!r} cannot be read: {error}.") from None
    if argv and not _PROGRAM.match(argv[0]):
        raise UsageError(
            f"{argv[0][:40]!r}: write a plain name; which program it is says each machine's "
            "setting `programs`."
        )
    return words


def _key(_database: Database, _field: Field, text: str) -> str:
    key = header_safe(storable(text)).strip().lower()
    if key and not _KEY.match(key):
        raise UsageError(f"{text[:40]!r} is no key: write it as f11, ctrl+1, alt+v.")
    return key


def _figure(_database: Database, _field: Field, text: str) -> str:
    """Give a figure by its name; raises UsageError with what is near."""
    from deskterm.services.figured import wanted

    if not text.strip():
        raise UsageError("which figure is it to move? `deskterm figures define` lists them.")
    return wanted([text])[0].name


def _filter(_database: Database, _field: Field, text: str) -> str:
    """Give a query over tickets; empty is all of them."""
    parse(text)
    return storable(text.strip())


def _age(_database: Database, _field: Field, text: str) -> int:
    """Give the days of an age such as 2y, 18mo or 90d; raises UsageError."""
    word = text.strip().lower().replace(" ", "")
    length = span(f"{word}d" if word.isdigit() else word)
    days = length.days if length else 0
    if not 1 <= days <= _OLDEST:
        raise UsageError(
            f"{text[:40]!r} is no age from a day to a hundred years: 2y, 18mo, 52w, 90d."
        )
    return days


READERS: Mapping[str, Read] = {
    "age": _age,
    "steps": _steps,
    "rule": _rule,
    "argv": _argv,
    "key": _key,
    "figure": _figure,
    "filter": _filter,
    "command": _command,
    "short": _short,
    "text": _text,
    "long": _long,
    "level": _level,
    "skill": _skill,
    "roles": _roles,
    "number": _number,
    "language": _language,
    "facts": _facts,
    "name": _name,
    "person": _person,
    "login": _login,
    "yes": _yes,
    "word": _word,
    "query": _query,
    "address": _address,
    "moment": _moment,
    "lines": _lines,
    "notices": _notices,
    "problem": _problem,
    "audience": _audience,
    "hours": _as_setting("hours"),
    "zone": _as_setting("zone"),
    "style": _as_setting("web.style"),
    "target": _as_setting("promise.pickup"),
    "days": _days,
    "day": _day,
    "feed": _feed,
}
"""Kind of field → how it is read. A kind that is not here is read by the keeper of its record."""


def read(database: Database, field: Field, text: str) -> object:
    """Give the value that was typed; raises UsageError, NotFoundError with `field` on them."""
    return READERS[field.kind](database, field, text)


def written(database: Database, field: Field, value: object) -> str:
    """Give a value as a person would type it."""
    if value is None:
        return "default" if field.kind == "notices" else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.kind == "roles" and isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, datetime):
        return value.astimezone(desk_zone(database)).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    if isinstance(value, Mapping):
        plain = all(isinstance(one, str) and "\n" not in one for one in value.values())
        if plain:
            return "\n".join(f"{name}={one}" for name, one in value.items())
        return json.dumps(dict(value), ensure_ascii=False)
    return "none" if field.kind == "notices" and value == "" else str(value)
