"""The leak check finds what would tell outsiders about people and machines."""

import pytest

from deskterm.triage.leaks import Known, leaks, sentence

KNOWN = Known(
    names=frozenset({"mia ortiz", "ana maria da silva", "grace"}),
    hosts=frozenset({"blue-whale", "goldfish"}),
    domains=frozenset({"norrvik.example"}),
)


def found(text: str) -> list[tuple[str, str]]:
    return [(leak.kind, leak.found) for leak in leaks({"resolution": text}, KNOWN)]


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("Ask mia.o@norrvik.example for it", "mail address", "mia.o@norrvik.example"),
        ("mia Ortiz has it", "name", "mia Ortiz"),
        ("as Ana  Maria da Silva said", "name", "Ana Maria da Silva"),
        ("Grace had it too", "name", "Grace"),
        ("set 10.20.30.40 as gateway", "IP address", "10.20.30.40"),
        ("it is at fe80::1ff:fe23:4567:890a.", "IP address", "fe80::1ff:fe23:4567:890a"),
        ("card 00:1b:44:11:3a:b7", "hardware address", "00:1b:44:11:3a:b7"),
        ("open \\\\files01\\team", "host", "\\\\files01"),
        ("ping print.corp", "host", "print.corp"),
        ("ping p31.print.norrvik.example", "host", "p31.print.norrvik.example"),
        ("restart Blue-Whale and", "host", "Blue-Whale"),
        ("goldfish is full", "host", "goldfish"),
        ("laptop LT-220 was", "host", "LT-220"),
        ("as in #1041 before", "ticket number", "#1041"),
        ("see ticket 1041", "ticket number", "ticket 1041"),
        ("INC0012345 again", "ticket number", "INC0012345"),
        ("call +351 22 340 1200.", "phone number", "+351 22 340 1200"),
        ("or 0113 496 0123 at night", "phone number", "0113 496 0123"),
        ("at (555) 123-4567", "phone number", "(555) 123-4567"),
        ("phone: 2234 0120", "phone number", "2234 0120"),
    ],
)
def test_each_kind_of_leak_is_found(text: str, kind: str, what: str) -> None:
    assert (kind, what) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Switch Wi-Fi off and on; wait 30 seconds (at 10:30, again at 11:45:10).",
        "Install KB-5031356, then version 2.4.1 of the driver from www.example.org.",
        "Error 0x80070005; HTTP-404; 127.0.0.1 and the mask 255.255.255.0 are fine.",
        "On 01.02.2027 or 2027-02-01 order 4711 0815 99; 1000000 rows, version 10.0.22631.4317.",
        "It works with the grace period. In case 2 of 3 it helps. Costs 10.5 %.",
        "",
    ],
)
def test_ordinary_words_are_no_leak(text: str) -> None:
    assert found(text) == []


def test_a_leak_is_named_once_a_field_and_with_its_field() -> None:
    both = leaks({"title": "x@y.example", "tip": "x@y.example, x@y.example"})
    assert [leak.field for leak in both] == ["title", "tip"]
    assert sentence(both) == "title: mail address x@y.example; tip: mail address x@y.example"
    assert sentence(both, limit=1).endswith(" and 1 more")


@pytest.mark.parametrize(
    "piece",
    ["a", "1", ".", "-", "@", "a.", "1.", "a-", ":", "f:", "#", "\\", "'", " ", "Mia ", "ticket ",
     "a@", "a@b", "0 ", "+1", "tel ", "(0", "a@b.", "INC", "a-1", "00:"],
)  # fmt: skip
def test_fifty_kilobytes_of_the_worst_case_are_read_through(piece: str) -> None:
    text = piece * (50_000 // len(piece)) + " mia ortiz"
    assert ("name", "mia ortiz") in found(text)
