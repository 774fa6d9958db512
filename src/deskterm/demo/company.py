"""The demo company: sites, organisations, people, devices, technicians, the desk's catalogue."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from deskterm.demo.story import Batch, Values
from deskterm.demo.texts import read
from deskterm.demo.times import DAY, text
from deskterm.domain.choices import NO_WEB
from deskterm.services.means.steps import read_steps
from deskterm.storage.driver import json_text

PEOPLE = 300
_SEGMENTS = {"Management": "VIP", "Production": "shop floor", "Warehouse": "shop floor"}


class Person(NamedTuple):
    """Somebody who works at the company."""

    id: int
    name: str
    address: str
    phone: str
    department: str
    location: str
    title: str
    segment: str
    organisation: int
    site: int


class Device(NamedTuple):
    """A machine; `person` is 0 where it belongs to everybody at its site."""

    id: int
    name: str
    kind: str
    model: str
    os: str
    version: str
    person: int
    site: int


class Company:
    """Everything that stands before the first ticket; the same for the same seed."""

    def __init__(self, chance: Random, me: str, began: int) -> None:
        self.chance = chance
        self.facts: Mapping[str, Any] = read("company")
        self.began = began
        self.sites: Sequence[Mapping[str, Any]] = self.facts["site"]
        self.groups = _numbered([one["name"] for one in self.facts["group"]])
        self.levels = {one["name"]: one["level"] for one in self.facts["group"]}
        self.categories = _numbered(list(self.facts["categories"]))
        self.services = _numbered(self.facts["services"]["names"])
        self.technicians = _technicians(self.facts["technician"], me)
        self.me = me
        self.people = list(_people(chance, self.facts))
        self.devices = list(_devices(chance, self.facts, self.people))
        self.own: dict[int, list[Device]] = {}
        self.shared: dict[tuple[int, str], list[Device]] = {}
        for device in self.devices:
            if device.person:
                self.own.setdefault(device.person, []).append(device)
            else:
                self.shared.setdefault((device.site, device.kind), []).append(device)

    def first_level(self) -> list[str]:
        """Give the logins of the desk itself."""
        return [one["login"] for one in self.technicians if one["level"] == 1]

    def members(self, group: str) -> list[str]:
        """Give the logins of a group's technicians."""
        return [one["login"] for one in self.technicians if group in one["groups"]]

    def batches(self) -> Iterator[Batch]:
        """Give the rows, tables in an order that foreign keys allow."""
        facts, since = self.facts, text(self.began - 400 * DAY)
        yield _table("organisation", ("id", "name"), facts["organisation"])
        yield _table("site", ("id", "name", "address"), self.sites)
        yield _table("desk_group", ("id", "name", "level"), facts["group"])
        yield Batch(
            "category",
            ("id", "path", "group_id", "active"),
            [
                (number, path, self.groups[facts["categories"][path]], True)
                for path, number in self.categories.items()
            ],
        )
        yield Batch("service", ("id", "name"), [(n, name) for name, n in self.services.items()])
        yield from self._technician_batches(since)
        yield from self._field_batches()
        yield from self._people_batches()
        yield from _means(self.groups, self.categories)

    def _technician_batches(self, since: str) -> Iterator[Batch]:
        rows: list[Values] = [
            (
                one["login"],
                one["name"],
                f"{one['login']}@norrvik.example",
                one["level"],
                True,
                since,
            )
            for one in self.technicians
        ]
        yield Batch("technician", ("login", "name", "email", "level", "active", "since"), rows)
        yield Batch(
            "membership",
            ("group_id", "login"),
            [(self.groups[g], one["login"]) for one in self.technicians for g in one["groups"]],
        )

    def _field_batches(self) -> Iterator[Batch]:
        rows: list[Values] = [
            (
                *(f["name"], f["label"], _list(f["choices"]), f["required_for"], place),
                *(f.get("web", NO_WEB), json_text(f.get("labels", {}))),
            )
            for place, f in enumerate(self.facts["field"])
        ]
        columns = ("name", "label", "choices", "required_for", "position", "web", "labels")
        yield Batch("field_definition", columns, rows)
        views: list[Values] = [
            ("", one["name"], one["query"], place) for place, one in enumerate(self.facts["view"])
        ]
        yield Batch("saved_view", ("owner", "name", "query", "position"), views)
        company = self.facts["company"]
        settings = {
            "remind.on": False,
            "poll.on": False,
            "desk.name": f"{company['name']} service desk",
            "desk.mission": company["mission"],
            "desk.values": company["values"],
            "mail.address": f"help@{company['domain']}",
            "hours": "always",
        }
        yield Batch(
            "desk_setting", ("key", "value"), [(k, json_text(v)) for k, v in settings.items()]
        )

    def _people_batches(self) -> Iterator[Batch]:
        columns = (
            "id name phone department location title segment organisation_id site_id notes active"
        )
        rows: list[Values] = [
            (p.id, p.name, *p[3:], "Call back within the hour." if p.segment == "VIP" else "", True)
            for p in self.people
        ]
        yield Batch("person", tuple(columns.split()), rows)
        addresses: list[Values] = [(p.address, p.id, 0) for p in self.people]
        yield Batch("person_address", ("address", "person_id", "position"), addresses)
        columns = "id name kind model os os_version serial person_id site_id facts"
        machines: list[Values] = [
            (*d[:6], _serial(d), d.person or None, d.site, json_text(self.network(d)))
            for d in self.devices
        ]
        yield Batch("device", tuple(columns.split()), machines)

    def network(self, device: Device) -> dict[str, str]:
        """Give what a guide may ask for: addresses, and the printer next to it."""
        net = f"10.{20 + device.site}.{device.id // 200}"
        facts = {"gateway": f"{net}.1", "address": f"{net}.{20 + device.id % 200}"}
        printers = self.shared.get((device.site, "printer"), [])
        if printers and device.person:
            facts["printer"] = printers[device.person % len(printers)].name.lower()
        return facts


def _serial(device: Device) -> str:
    return f"{device.kind[:2].upper()}{device.id * 7919:07d}"


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names, 1)}


def _table(name: str, columns: tuple[str, ...], facts: Sequence[Mapping[str, object]]) -> Batch:
    """Give a table whose rows stand in the file as they are, numbered from 1."""
    rows = [(n, *(one[c] for c in columns[1:])) for n, one in enumerate(facts, 1)]
    return Batch(name, columns, rows)


def _list(choices: Sequence[str]) -> str:
    return json_text(list(choices)) if choices else "[]"


def _technicians(facts: Sequence[Mapping[str, Any]], me: str) -> list[Mapping[str, Any]]:
    """Give the technicians and, first among the desk's own, whoever looks at the demo."""
    others = [one for one in facts if one["login"] != me]
    mine = {"login": me, "name": "", "level": 1, "groups": ["Service Desk"]}
    return [mine, *others]


def ascii_name(name: str) -> str:
    """Give a name as it appears in a mail address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace("'", "").replace(" ", "-")


def _people(chance: Random, facts: Mapping[str, Any]) -> Iterator[Person]:
    names = read("names")
    sites, organisations, departments = facts["site"], facts["organisation"], facts["department"]
    taken: set[str] = set()
    while len(taken) < PEOPLE:
        first, last = chance.choice(names["first"]), chance.choice(names["last"])
        local = f"{ascii_name(first)}.{ascii_name(last)}"
        if local in taken:
            continue
        taken.add(local)
        number = len(taken)
        site = _weighted(chance, sites)
        department = departments[_weighted(chance, departments) - 1]
        organisation = _weighted(chance, organisations)
        code, floors = sites[site - 1]["code"], sites[site - 1]["floors"]
        floor = chance.randint(1, floors)
        segment = _SEGMENTS.get(department["name"]) or chance.choice(
            ("", "", "", "field", "remote")
        )
        yield Person(
            number,
            f"{first} {last}",
            f"{local}@{organisations[organisation - 1]['domain']}",
            f"{sites[site - 1]['phone']}{number:03d}",
            department["name"],
            f"{code} floor {floor}, desk {floor}-{chance.randint(1, 60):02d}",
            chance.choice(department["titles"]),
            segment,
            organisation,
            site,
        )


def _weighted(chance: Random, facts: Sequence[Mapping[str, Any]]) -> int:
    """Give the number, from 1, of one of the facts by its share."""
    return chance.choices(range(1, len(facts) + 1), [one["share"] for one in facts])[0]


def _devices(
    chance: Random, facts: Mapping[str, Any], people: Sequence[Person]
) -> Iterator[Device]:
    kinds = {one["kind"]: one for one in facts["device"]}
    of_department = {one["name"]: one["kinds"] for one in facts["department"]}
    wanted: list[tuple[str, int, int]] = []
    for person in people:
        wanted.append((chance.choice(of_department[person.department]), person.id, person.site))
        if person.segment in ("VIP", "field", "remote") or chance.random() < 0.25:
            wanted.append(("phone", person.id, person.site))
    for site, one in enumerate(facts["site"], 1):
        wanted += [("printer", 0, site)] * (one["floors"] * 2)
        wanted += [("room", 0, site)] * one["floors"]
    counted: dict[str, int] = {}
    for number, (kind, person_id, site) in enumerate(wanted, 1):
        one = kinds[kind]
        counted[kind] = counted.get(kind, 100) + 1
        code = facts["site"][site - 1]["code"]
        yield Device(
            number,
            f"{one['prefix']}-{code}-{counted[kind]}",
            kind,
            chance.choice(one["models"]),
            one["os"],
            chance.choice(one["versions"]),
            person_id,
            site,
        )


_LANGUAGES = ("en", "de")
"""English for everybody, German for whoever is written to in it."""


def _means(groups: Mapping[str, int], categories: Mapping[str, int]) -> Iterator[Batch]:
    """Give the rows; `groups` and `categories` are the demo's, name → number."""
    facts = read("means")
    yield Batch(
        "canned_text",
        ("name", "short", "words", "language", "active"),
        [
            (
                one["short"] if language == "en" else f"{one['short']} {language}",
                one["short"],
                one[language],
                "" if language == "en" else language,
                True,
            )
            for one in facts["text"]
            for language in _LANGUAGES
        ],
    )
    yield Batch(
        "macro",
        ("name", "about", "steps", "hotkey", "active"),
        [(one["name"], one["about"], _stored(read_steps(one["steps"])), "", True)
         for one in facts["macro"]],
    )  # fmt: skip
    lists = {one["name"]: number for number, one in enumerate(facts["checklist"], 1)}
    yield Batch(
        "checklist",
        ("id", "name", "items", "required"),
        [
            (lists[one["name"]], one["name"], _stored(one["items"]), one["required"])
            for one in facts["checklist"]
        ],
    )
    columns = ("name", "subject", "body", "problem", "urgent", "category_id", "group_id")
    yield Batch(
        "ticket_template",
        (*columns, "checklist_id", "fields", "active"),
        [
            (
                *(one["name"], one["subject"], "", one["problem"], False),
                *(categories[one["category"]], groups[one["group"]], lists[one["checklist"]]),
                *("{}", True),
            )
            for one in facts["template"]
        ],
    )


def _stored(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
