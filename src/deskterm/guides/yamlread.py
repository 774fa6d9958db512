"""Reading YAML, event by event, each checked; the events put together as a plain tree."""

from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from deskterm.domain.text import storable
from deskterm.guides.yamltree import Items, Scalar, Table, Tree, YamlError

LONGEST_FILE = 200_000
"""Characters; a guide of 150 nodes has about 60,000."""
DEEPEST = 12
MOST_PARTS = 40_000


def read(text: str) -> Tree:
    """Give the tree of one YAML document; raises YamlError with the line and what to do."""
    if len(text) > LONGEST_FILE:
        raise YamlError(
            1, f"the file has {len(text)} characters; split a guide above {LONGEST_FILE}"
        )
    events = _events(text)
    tree = _build(events)
    if tree is None:
        raise YamlError(1, "the file is empty: a guide needs id, title, start and nodes")
    return tree


def _events(text: str) -> Iterator[object]:
    """Give the parser's events, each checked; turns the parser's errors into ours."""
    documents = count = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            count += 1
            line = event.start_mark.line + 1
            if isinstance(event, DocumentStartEvent):
                documents += 1
            if count > MOST_PARTS or documents > 1:
                raise YamlError(line, "too much for one guide: keep one guide in one small file")
            _refuse_cleverness(event, line)
            yield event
    except ReaderError as error:
        line = text.count("\n", 0, error.position or 0) + 1
        raise YamlError(line, "a control character stands here: delete it") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(mark.line + 1 if mark else 1, _sentence(error)) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise YamlError(1, f"not readable as YAML: {error}") from None


def _sentence(error: MarkedYAMLError) -> str:
    problem = " ".join(str(error.problem or error.context or "not readable").split())
    return f"not readable as YAML: {problem[:200]}; put texts with : # {{ or quotes in quotes"


def _refuse_cleverness(event: object, line: int) -> None:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise YamlError(line, "anchors and aliases (& and *) are not used in guides: write it out")
    if getattr(event, "tag", None):
        raise YamlError(line, "tags (!) are not used in guides: remove it or put it in quotes")


class _Open:
    """A list or mapping whose end has not been seen yet."""

    def __init__(self, line: int, mapping: bool) -> None:
        self.line, self.mapping, self.parts = line, mapping, list[Tree]()

    def close(self) -> Tree:
        if not self.mapping:
            return Items(tuple(self.parts), self.line)
        pairs = []
        for key, value in zip(self.parts[::2], self.parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise YamlError(key.line, "a name is expected before the colon")
            pairs.append((key, value))
        return Table(tuple(pairs), self.line)


def _build(events: Iterator[object]) -> Tree | None:
    """Put the tree together without recursion."""
    stack: list[_Open] = []
    root: Tree | None = None
    for event in events:
        done: Tree | None = None
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            line = event.start_mark.line + 1
            if len(stack) >= DEEPEST:
                raise YamlError(line, f"nested deeper than {DEEPEST}: a guide is flat")
            stack.append(_Open(line, isinstance(event, MappingStartEvent)))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            done = stack.pop().close()
        elif isinstance(event, ScalarEvent):
            done = Scalar(storable(event.value), event.start_mark.line + 1, event.style is None)
        if done is not None and stack:
            stack[-1].parts.append(done)
        elif done is not None:
            root = done
    return root
