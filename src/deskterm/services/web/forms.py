"""Forms of the web face: given out with a token, taken once for what is in them (semantics §15)."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
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


def give_out(store: Store, whose: str, many: int = 1) -> list[str]:
    """Give tokens of as many forms for one visitor."""
    with store.reading() as database:
        secret = token_secrets(database)[0]
    now = int(clock.now().timestamp())
    return [form_token(Form(str(uuid4()), now), whose, secret) for _ in range(many)]


def take(
    store: Store,
    token: str,
    whose: str,
    fields: Mapping[str, str],
    files: Sequence[NewFile] = (),
) -> Taken:
    """Give the operation of a form: one for what it says, however often it is sent.

    A form that says something else than before, such as after going back, is another operation.
    """
    with store.reading() as database:
        form = form_of(token, whose, token_secrets(database))
    if form is None:
        return Taken("", "form")
    if clock.now().timestamp() - form.at > MOST_AGE.total_seconds():
        return Taken("", "old")
    said = [sorted(fields.items()), [(one.name, _digest(one)) for one in files]]
    return Taken(str(uuid5(UUID(form.op_id), json.dumps(said))))


def _digest(file: NewFile) -> str:
    return sha256(file.content).hexdigest()
