"""What is said on a ticket, and the facts that are corrected on the way."""

from collections.abc import Mapping, Sequence
from typing import Any

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.requests import NewFile
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event, Needs, State, Step, WaitingFor
from deskterm.services.tickets.care import stop_waiting
from deskterm.services.tickets.files import keep_files
from deskterm.services.tickets.operation import Operating
from deskterm.services.tickets.parties import welcome
from deskterm.services.tickets.steps import mark
from deskterm.services.written import Written
from deskterm.storage import people
from deskterm.storage.names import number_of
from deskterm.storage.ticket.hold import Hold

Targets = Sequence[int]
_TEXTS = ("subject", "problem", "reproduction")
_ASKED = ("people", "cannot_work", "needed_by")


class Talk(Operating):
    """Use cases that add words or correct facts."""

    def note(self, targets: Targets, body: str, files: Sequence[NewFile] = (), **how: Any) -> Done:
        """Add an internal note; no letter is written, nobody outside can read it."""
        _require(body)

        def change(held: Hold) -> None:
            entry = held.write(Event.NOTED, body)
            keep_files(held.work, held.id, entry, files)

        return self.operate("note", targets, change, **how)

    def reply(self, targets: Targets, body: str, files: Sequence[NewFile] = (), **how: Any) -> Done:
        """Answer the requester and the watchers; public."""
        _require(body)

        def change(held: Hold) -> None:
            entry = self.replied(held, body)
            keep_files(held.work, held.id, entry, files)

        return self.operate("reply", targets, change, **how)

    def replied(self, held: Hold, body: str, **entry: Any) -> int:
        """Put a technician's answer on a held ticket, with its letters; gives the entry's id."""
        if held["state"] == State.NEW:
            held.set(state=State.OPEN, assignee=held["assignee"] or held.work.actor)
        number = held.write(Event.REPLIED, body, public=True, **entry)
        if self.letters.write(held, "reply", number) == 0:
            held.work.state(Written).silent.append(held.id)
        return number

    def received(self, held: Hold, person: int | None, body: str, **entry: Any) -> int:
        """Put a customer's own words on a held ticket: a waiting ticket resumes. No letter to them.

        Gives the ledger entry's id.
        """
        if held["waiting_for"] in (WaitingFor.CUSTOMER, WaitingFor.OTHER):
            stop_waiting(held)
        number = held.write(
            Event.RECEIVED, body, public=True, actor="customer", person_id=person, **entry
        )
        self.letters.write(held, "received", number, spoke=person)
        return number

    def change(
        self,
        targets: Targets,
        *,
        fields: dict[str, str] | None = None,
        needs: str | None = None,
        approver: str | None = None,
        named: dict[str, str] | None = None,
        values: dict[str, Any] | None = None,
        **how: Any,
    ) -> Done:
        """Correct facts.

        `values`: subject, problem, reproduction, reproduced, urgent, and what was asked: people,
        cannot_work, needed_by. `named`: category, service,
        group, device, requester, each by name, empty to take it away. `fields`: the desk's own.
        """
        if needs is not None and needs not in tuple(Needs):
            raise UsageError(f"needs {needs!r}? Use {', '.join(Needs)}.")

        def alter(held: Hold) -> None:
            unsure = held["requester_unsure"]
            _set_values(held, values or {})
            set_named(held, named or {})
            for name, value in (fields or {}).items():
                _check_choice(held, name, value)
                held.put(f"field.{name}", value or None)
            if needs is None and approver is None:
                held.write(Event.CHANGED)
            else:
                self._scope(held, needs, approver)
            if unsure and not held["requester_unsure"]:
                welcome(self.letters, held)

        return self.operate("set", targets, alter, **how)

    def _scope(self, held: Hold, needs: str | None, approver: str | None) -> None:
        """Say what the work needs and of whom; both the requester and the approver hear of it."""
        from deskterm.services.approvals import ask, drop

        held.set(needs=needs if needs is not None else held["needs"])
        if needs is None and held["needs"] == Needs.NOTHING:
            held.set(needs=Needs.APPROVAL)
        asked = None
        if held["needs"] == Needs.NOTHING or approver == "":
            drop(held)
        elif approver:
            asked = ask(self.letters, held, approver)
        scope = held["needs"] != Needs.NOTHING and (needs is not None or asked is not None)
        entry = held.write(Event.CHANGED, public=scope)
        if scope:
            self.letters.write(held, "needs", entry, spoke=held["approver_id"])

    def decide(
        self, targets: Targets, granted: bool, reason: str = "", by: str = "", **how: Any
    ) -> Done:
        """Write down that an approval was granted or refused, as its approver told somebody (A7).

        `by` is who decided, where it is not whom the ticket names.
        """
        from deskterm.services.approvals import check_needed, decide, named

        def change(held: Hold) -> None:
            check_needed(held)
            if by:
                named(held, by)
            decide(self.letters, held, granted, reason)

        return self.operate("decide", targets, change, **how)


def _require(body: str) -> None:
    if not body.strip():
        raise UsageError("there is nothing to say: the text is empty.")


def _set_values(held: Hold, values: dict[str, Any]) -> None:
    for name in _TEXTS:
        if name in values:
            held.set(**{name: values[name]})
    if values.get("problem"):
        mark(held, Step.STATE)
    if "urgent" in values:
        held.set(urgent=bool(values["urgent"]))
    for name in _ASKED:
        if name in values:
            held.set(**{name: values[name]})
    if "reproduced" in values:
        held.set(reproduced=values["reproduced"])
        mark(held, Step.REPRODUCE)


def set_named(held: Hold, named: Mapping[str, str]) -> None:
    """Set category, service, group, device, requester of a held ticket, each by name."""
    spine = held.work.spine
    for kind in ("category", "service", "group"):
        if kind in named:
            name = named[kind]
            held.set(**{f"{kind}_id": number_of(spine, kind, name) if name else None})
    if named.get("category"):
        mark(held, Step.CLASSIFY)
    if "device" in named:
        name = named["device"]
        device = people.device_for(held.work, name, held["requester_id"]) if name else None
        held.set(device_id=device)
    if named.get("requester"):
        person = people.person_for(held.work, named["requester"])
        held.set(requester_id=person, requester_unsure=False)


def _check_choice(held: Hold, name: str, value: str) -> None:
    """A field of the desk's own allows only its choices (A6)."""
    import json

    row = held.work.spine.one("SELECT choices FROM field_definition WHERE name = :name", name=name)
    choices = json.loads(row["choices"]) if row else []
    if choices and value and value not in choices:
        raise RefusedError(f"field {name} cannot be {value!r}: choose {', '.join(choices)}.")
