"""What psycopg names and a command never uses is put off while it is loaded.

psycopg brings an asynchronous half and asks the package index for its own version; loading what
these need (asyncio, ssl, email, ctypes …) took a fifth of what psycopg costs a command. A module
that is put off stands under its name; whoever asks it for something runs its file first. One that
is loaded already, as asyncio is in the app, stays as it is.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import TypeVar

_ASYNCIO = {
    "CancelledError": "exceptions",
    "Future": "futures",
    "Lock": "locks",
    "Queue": "queues",
    "Task": "tasks",
    "get_running_loop": "events",
    "sleep": "tasks",
}
"""What psycopg takes from asyncio at loading, and the module of it where each is made."""
_NAMES = (
    *("asyncio", "ctypes", "ctypes.util", "importlib.metadata", "inspect", "ssl"),
    *("logging", "psycopg", "typing_extensions"),
)
_KEPT = frozenset({"asyncio", "inspect", "logging", "psycopg"})
"""Modules of `asyncio` and `psycopg` are in use, `dataclasses` holds `inspect`, psycopg's modules
hold `logging`: a second one of these would not be the first."""
_ASKED_OF_ANY = frozenset({"__path__", "__wrapped__", "__bases__", "__class_getitem__"})
"""What is asked of whatever is imported, and tells nothing of it where it is missing."""
_loading = RLock()


class PutOff(ModuleType):
    """A module or package whose own file is run when it is first asked for what is not at hand."""

    def __getattr__(self, name: str) -> object:
        """Give one of its modules, or run its file and give what that made."""
        spec = self.__spec__
        if spec is None or spec.loader is None or name in _ASKED_OF_ANY:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        inner = self._inner(name)
        if inner is not None:
            return inner
        with _loading:
            if type(self) is PutOff:
                self.__class__ = ModuleType  # type: ignore[assignment]  # like any other now
                spec.loader.exec_module(self)
        return getattr(self, name)

    def _inner(self, name: str) -> object:
        """Give a module of a package, or what psycopg takes from one; None where it is neither."""
        spec = self.__spec__
        if spec is None or spec.submodule_search_locations is None or name == "__all__":
            return None
        if spec.name == "asyncio" and name in _ASYNCIO:
            return getattr(import_module(f"asyncio.{_ASYNCIO[name]}"), name)
        full = f"{spec.name}.{name}"
        return import_module(full) if full in sys.modules or find_spec(full) else None


Given = Mapping[str, Mapping[str, object]]
"""Module → what is taken from it at loading, made here for the while."""


@contextmanager
def put_off(modules: Iterable[str] = _NAMES, taken: Given | None = None) -> Iterator[None]:
    """Put the modules off for the block; those nobody asked for are then loaded as ever.

    What is `taken` from them meanwhile runs no file; without it, what psycopg takes.
    """
    names = [name for name in modules if name not in sys.modules and _stand_in(name)]
    lent = _GIVEN if taken is None else taken
    given = [(name, *one) for name in names for one in lent.get(name, {}).items()]
    for name, what, value in given:
        setattr(sys.modules[name], what, value)
    try:
        yield
    finally:
        for name, what, value in given:
            if vars(sys.modules[name]).get(what) is value:
                delattr(sys.modules[name], what)
        for name in reversed(names):
            if name not in _KEPT and type(sys.modules[name]) is PutOff:
                _forget(name)


def _stand_in(name: str) -> bool:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        return False
    module = PutOff(name)
    module.__spec__, module.__loader__ = spec, spec.loader
    module.__file__, module.__package__ = spec.origin, spec.parent
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    sys.modules[name] = module
    return True


def _forget(name: str) -> None:
    module = sys.modules.pop(name)
    package, _, inner = name.rpartition(".")
    if package and sys.modules.get(package) and vars(sys.modules[package]).get(inner) is module:
        delattr(sys.modules[package], inner)


def _version(distribution: str) -> str:
    """Give the version of psycopg's distributions by the folder that pip made beside them."""
    package = distribution.replace("-", "_")
    begin, end = f"{package}-", ".dist-info"
    home = os.path.dirname(os.path.dirname(str(sys.modules[package].__file__)))
    for name in os.listdir(home):
        if name.startswith(begin) and name.endswith(end):
            return name[len(begin) : -len(end)]
    index = sys.modules["importlib.metadata"]
    vars(index).pop("version", None)
    return str(index.version(distribution))


class _Logger:
    """Stands for a logger until it is asked for something."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        return getattr(import_module("logging").getLogger(self._name), name)


def _type_variable(name: str, *only: type, default: object = None, **given: bool) -> TypeVar:
    """Give a type variable; what it stands for where nobody says so only type checkers read."""
    del default
    return TypeVar(name, *only, **given)


def _signature(of: object) -> str:
    """Give what `dataclasses` writes into a class that has no words of its own."""
    del of
    return "(…)"


_GIVEN: Given = {
    "importlib.metadata": {"version": _version},
    "inspect": {"signature": _signature},
    "logging": {"getLogger": _Logger},
    "typing_extensions": {"TypeVar": _type_variable},
}
