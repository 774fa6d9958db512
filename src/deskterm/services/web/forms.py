"""Forms of the web face: given out with a token, taken once for what is in them (semantics §15)."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from time import monotonic
from typing import NamedTuple
from uuid import UUID, uuid4, uuid5

from deskterm.domain import clock
from deskterm.domain.requests import NewFile
from deskterm.mail.web_tokens import Form, form_of, form_token
from deskterm.services.web.doing import MOST_AGE
from deskterm.storage.secrets import token_secrets
from deskterm.storage.store import Store


class Taken(NamedTuple):
    """A form that came back."""

    op_id: str
    """The operation that it asks for; empty where it is not taken."""
    wrong: str = ""
    """`form` where it is none of ours, `old` where it was open for too long."""


FRESH = 2.0
"""Seconds for which the secrets are believed without looking."""


class Signers:
    """The secrets that sign forms: one read serves all forms of two seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[float, Sequence[str]] = (-FRESH, ())

    def __call__(self) -> Sequence[str]:
        """Give every secret, the one that signs first."""
        at, known = self._known
        now = monotonic()
        if not known or now - at > FRESH:
            with self._store.reading() as database:
                known = token_secrets(database)
            self._known = now, known
        return known


def give_out(signers: Signers, whose: str, many: int = 1) -> list[str]:
    """Give tokens of as many forms for one visitor."""
    secret = signers()[0]
    now = int(clock.now().timestamp())
    return [form_token(Form(str(uuid4()), now), whose, secret) for _ in range(many)]


def take(
    signers: Signers,
    token: str,
    whose: str,
    fields: Mapping[str, str],
    files: Sequence[NewFile] = (),
) -> Taken:
    """Give the operation of a form: one for what it says, however often it is sent.

    A form that says something else than before, such as after going back, is another operation.
    """
    form = form_of(token, whose, signers())
    if form is None:
        return Taken("", "form")
    if clock.now().timestamp() - form.at > MOST_AGE.total_seconds():
        return Taken("", "old")
    said = [sorted(fields.items()), [(one.name, _digest(one)) for one in files]]
    return Taken(str(uuid5(UUID(form.op_id), json.dumps(said))))


def _digest(file: NewFile) -> str:
    return sha256(file.content).hexdigest()
