"""Facts: what the desk already knows when a run begins, and how texts name them."""

from collections.abc import Iterable, Mapping

from deskterm.domain.patterns import pattern
from deskterm.guides.model import Choice, Fact, Guide, Node

NOT_CHECKED = "not checked"
"""How a fact reads that nobody asked for."""

STANDARD: dict[str, tuple[str, ...]] = {
    "ticket": ("ticket.id",),
    "subject": ("ticket.subject",),
    "channel": ("ticket.channel",),
    "category": ("ticket.category",),
    "requester": ("requester.name",),
    "department": ("requester.department",),
    "location": ("requester.location",),
    "organisation": ("requester.organisation",),
    "site": ("requester.site",),
    "device": ("device.name",),
    "device_kind": ("device.kind",),
    "model": ("device.model",),
    "os": ("field.os", "device.os"),
    "os_version": ("device.os_version",),
}
"""Facts that every guide may use without declaring them, and where they come from."""

SOURCES = ("ticket", "requester", "device", "field")
"""The first word of a source; `asset` is another word for `device`."""

_CALLED = {"requester": "the caller", "device": "the device"}
"""How they are called after a preposition where nobody knows them."""
_PLACEHOLDER = pattern(r"\{([a-z][a-z0-9_]{0,40})\}")
_IN_LABEL = pattern(r"\{([a-z][a-z0-9_]{0,40})\} (?=[^.;:{}]{0,80}: \{)")
"""A fact within the label of another: `gateway {vpn_gateway} answers: {gateway_answers}`."""
_AFTER = pattern(r"\b(of|on|in|by|from|at|with|for|to) \{([a-z][a-z0-9_]{0,40})\}")


def placeholders(*texts: str) -> tuple[str, ...]:
    """Give the names of the facts that the texts mention, each once, in order."""
    return tuple(dict.fromkeys(name for text in texts for name in _PLACEHOLDER.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the facts into a text; one that is not known reads "not checked", in a label nothing."""
    text = _IN_LABEL.sub(lambda match: match[0] if values.get(match[1]) else "", text)
    text = _AFTER.sub(
        lambda match: f"{match[1]} {values.get(match[2]) or _lacking(match[2])}", text
    )
    return _PLACEHOLDER.sub(lambda match: values.get(match[1]) or NOT_CHECKED, text)


def _lacking(name: str) -> str:
    """Give what stands after a preposition for what is not known: `of printer (not checked)`."""
    return _CALLED.get(name) or f"{name.replace('_', ' ')} ({NOT_CHECKED})"


def known_facts(guides: Iterable[Guide], sources: Mapping[str, str]) -> dict[str, str]:
    """Give every fact that the sources (`device.os` → value) answer for these guides."""
    wanted = dict(STANDARD)
    for guide in guides:
        for name, fact in guide.declared().items():
            if fact.sources:
                wanted[name] = fact.sources
    found: dict[str, str] = {}
    for name, names in wanted.items():
        value = next((sources[key] for key in map(_source, names) if sources.get(key)), "")
        if value.strip():
            found[name] = value.strip()
    return found


def _source(name: str) -> str:
    return "device." + name.removeprefix("asset.") if name.startswith("asset.") else name


def defaults(guides: Iterable[Guide]) -> dict[str, str]:
    """Give what is assumed, for texts and commands only, where a fact is not known."""
    facts: list[Fact] = [fact for guide in guides for fact in guide.declared().values()]
    return {fact.name: fact.default for fact in facts if fact.default}


def choice_for(node: Node, value: str) -> Choice | None:
    """Give the choice that a known value stands for, by its words; None where it fits none.

    A choice that names the whole value wins; then the first of which an `also` word occurs in it.
    """
    folded = value.casefold().strip()
    for choice in node.choices:
        if folded in (choice.answer.casefold(), *(word.casefold() for word in choice.also)):
            return choice
    return next((c for c in node.choices if any(contains(folded, w) for w in c.also)), None)


def contains(value: str, word: str) -> bool:
    """Tell whether the word occurs in the value, case ignored, not inside a longer word."""
    value, word = value.casefold(), word.casefold()
    at = value.find(word)
    while at >= 0 and word:
        before, after = value[at - 1 : at], value[at + len(word) : at + len(word) + 1]
        if not before.isalpha() and not after.isalpha():
            return True
        at = value.find(word, at + 1)
    return False
