"""What the app hands to screens. Typed here only: a screen never imports a service."""

from typing import Any, Protocol


class Desk(Protocol):
    """The services of the open desk, one for each noun; every write takes an operation id."""

    me: str
    tickets: Any
    calls: Any
    people: Any
    admin: Any
    search: Any
    drafts: Any
    guides: Any
    solutions: Any
    jobs: Any
    changes: Any
