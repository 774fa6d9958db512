"""Hooks (I8): programs of the hooks folder, asked before a change or told after it.

`before`, `before-close`, `after-solve.py`: the name says when, and about which verb. Both are run
while no transaction is open; what is told is queued, tried again and given up aloud. What comes by
mail or on the web face is tried first and taken back: so they are asked about what it would do.
A hook hears nothing of what it does itself by `deskterm`, nor of what others do on its account.
"""

import os
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from deskterm.domain import clock
from deskterm.domain.errors import DeskError, NotFoundError, RefusedError
from deskterm.domain.mail_rows import Asked
from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean
from deskterm.services.means.own_verbs import Ran, run
from deskterm.storage import hook_runs
from deskterm.storage.work import WITHIN, within_hooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.requests import NewTicket
    from deskterm.services.outbox.turn import Turn
    from deskterm.services.tickets.operation import Tickets
    from deskterm.storage.hook_runs import HookRun
    from deskterm.storage.store import Store
    from deskterm.storage.work import Doing

BEFORE, AFTER = "before", "after"
DESK, MAIL, WEB = "desk", "mail", "web"
"""The doors by which a change is asked for: keys and commands, a mail, the web face."""
BEFORE_SECONDS, AFTER_SECONDS = 2.0, 60.0
_MOST = 64_000
"""Bytes that a hook may say; the rest is not waited for."""
_NAMED = pattern(r"(before|after)(?:-([a-z][a-z-]{0,30}))?(?:\.[A-Za-z0-9]{1,8})?\Z")


class Hook(NamedTuple):
    """A program of the hooks folder."""

    name: str
    when: str
    """before or after."""
    verb: str
    """Only for it; empty: for every change."""
    path: str
    trouble: str
    """Why it cannot be run; empty: it can."""

    def fits(self, when: str, verb: str) -> bool:
        """Tell whether it is asked."""
        return self.when == when and self.verb in ("", verb)


def hooks_in(folder: str) -> list[Hook]:
    """Give the hooks of a folder by name; other files are left alone. Raises RefusedError."""
    try:
        files = sorted(Path(folder).expanduser().iterdir())
    except OSError as error:
        raise RefusedError(
            f"the hooks folder {folder[:80]!r} cannot be read ({error.strerror}): mend it, or take "
            "`hooks` out of this machine's settings."
        ) from None
    found = ((file, _NAMED.match(file.name)) for file in files)
    return [
        Hook(file.name, match[1], match[2] or "", str(file), _trouble(file))
        for file, match in found
        if match and not file.is_dir()
    ]


def _trouble(file: Path) -> str:
    if not os.access(file, os.X_OK):
        return "is not executable (chmod +x)"
    mode = file.stat().st_mode
    return "may be changed by everybody (chmod o-w)" if mode & 0o002 else ""


def call(hook: Hook, given: Mapping[str, object], around: Sequence[str] = ()) -> Ran:
    """Run a hook with JSON on its standard input.

    `around`: the hooks that what it is told of was done within, besides those around this process.
    """
    if hook.trouble:
        return Ran(None, "", "", hook.trouble)
    seconds = BEFORE_SECONDS if hook.when == BEFORE else AFTER_SECONDS
    names = dict.fromkeys((*within_hooks(), *around, hook.name))
    return run([hook.path], given, seconds, _MOST, {WITHIN: " ".join(names)})


def refusal(hook: Hook, ran: Ran) -> str:
    """Give the sentence with which a hook refuses; empty: it lets the change happen."""
    if ran.trouble:
        return f"hook {clean(hook.name, one_line=True)} {ran.trouble}: nothing was changed."
    if not ran.code:
        return ""
    return ran.complaint or f"hook {hook.name} refuses it (exit code {ran.code}) and says no more."


class HookError(RefusedError):
    """A hook refuses something that comes by mail or on the web face, in its own words."""

    def __init__(self, sentence: str, actor: str, *, trouble: bool) -> None:
        super().__init__(sentence)
        self.actor = actor
        """Who asks for it: `customer`, `mail`, or the technician who writes."""
        self.trouble = trouble
        """Whether it is the hook that does not work: it may later."""


Failed = tuple[tuple[int, str, int], ...]


class Guard:
    """Asks the hooks of a folder whether a change may happen."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def allowed(
        self, tickets: "Tickets", numbers: Sequence[int], verb: str, request: Mapping[str, object]
    ) -> tuple[list[int], Failed]:
        """Give the tickets of which no hook refuses the request, and the refusals of the others.

        Raises the refusal where none is left.
        """
        left, failed = list(dict.fromkeys(numbers)), list[tuple[int, str, int]]()
        hooks = self._hooks(verb)
        for number in tuple(left) if hooks else ():
            try:
                view = tickets.show(number)
                _ask(hooks, {"actor": tickets.me, "door": DESK, "request": request, "ticket": view})
            except DeskError as error:
                left.remove(number)
                failed.append((number, str(error), error.exit_code))
                if not left:
                    raise
        return left, tuple(failed)

    def new(self, tickets: "Tickets", asked: Sequence["NewTicket"]) -> None:
        """Ask about tickets that are to be opened; raises RefusedError."""
        from deskterm.services.tickets.intake import told_of

        if hooks := self._hooks("new"):
            for one in asked:
                given = {"actor": tickets.me, "door": DESK, "request": told_of(one)}
                _ask(hooks, {**given, "ticket": None})

    def is_asked(self) -> bool:
        """Tell whether any hook is asked before something."""
        return any(self._hooks())

    def tried(self, tickets: "Tickets", doings: Sequence["Doing"], door: str) -> None:
        """Ask about what a trial says would be done by that door; raises HookError."""
        for one in doings:
            hooks = self._hooks(one.verb)
            view = None
            if hooks and one.ticket:
                with suppress(NotFoundError):
                    view = tickets.show(one.ticket)
            given = {"actor": one.actor, "door": door, "request": one.request, "ticket": view}
            for hook in hooks:
                ran = call(hook, given)
                if sentence := refusal(hook, ran):
                    raise HookError(sentence, one.actor, trouble=bool(ran.trouble))

    def _hooks(self, verb: str = "") -> list[Hook]:
        """Give those that are asked about a verb, or all; not those that this is done within."""
        around = within_hooks()
        return [
            one
            for one in hooks_in(self._folder)
            if one.name not in around
            and one.when == BEFORE
            and (not verb or one.fits(BEFORE, verb))
        ]


def _ask(hooks: Sequence[Hook], given: Mapping[str, object]) -> None:
    for hook in hooks:
        if sentence := refusal(hook, call(hook, given)):
            raise RefusedError(sentence)


_WAITS = (60, 300, 900, 3_600, 3_600 * 4, 3_600 * 12)
"""Seconds before each further try; after the last one it is given up."""
_HELD = timedelta(seconds=AFTER_SECONDS + 60)


class AfterHooks:
    """One run over what the hooks are to be told."""

    def __init__(self, store: "Store", folder: str) -> None:
        self._store = store
        self._folder = folder
        self._holder = f"{socket.gethostname()}:{os.getpid()}"[:150] + f":{uuid4().hex[:12]}"

    def besides(self, others: "Callable[[Turn], Asked]") -> "Callable[[Turn], Asked]":
        """Give a run over other errands and then over these."""
        return lambda turn: others(turn).then(self.run(turn))

    def run(self, turn: "Turn") -> Asked:
        """Queue what was done meanwhile, and tell it until the turn is over."""
        try:
            hooks = {one.name: one for one in hooks_in(self._folder) if one.when == AFTER}
        except RefusedError:
            return Asked()
        total = Asked()
        with self._store.reading(long=True) as database:
            names = [(one.name, one.verb) for one in hooks.values()]
            hook_runs.queue(database, names, clock.now())
            while hooks and turn.goes_on():
                now = clock.now()
                due = hook_runs.claim(database, list(hooks), now, self._holder, now + _HELD)
                if due is None:
                    break
                turn.tried()
                total = total.then(self._tell(hooks[due.hook], due))
        return total

    def _tell(self, hook: Hook, due: "HookRun") -> Asked:
        with self._store.reading() as database:
            given = hook_runs.told(database, due.operation_id)
        around = given["hooks"]
        ran = call(hook, given, around if isinstance(around, list) else ())
        with self._store.reading() as database:
            if not ran.why:
                hook_runs.done(database, due, self._holder, clock.now())
                return Asked(done=1)
            if due.attempts > len(_WAITS):
                hook_runs.failed(database, due, self._holder, ran.why)
                return Asked(failed=1)
            later = clock.now() + timedelta(seconds=_WAITS[due.attempts - 1])
            hook_runs.put_back(database, due, self._holder, later, ran.why)
        return Asked(later=1)
