"""LMTP and SMTP receive: 250 only after the commit, 451 on database trouble (semantics.md §1.1).

Every conversation is a coroutine of one thread, every commit a call in a small pool: who is slow
or silent keeps nobody else waiting.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from deskterm.domain.errors import DeskError, RefusedError
from deskterm.services.inbox.receive import receive
from deskterm.storage.mailbox_choice import mailbox_for
from deskterm.storage.store import Store

SILENT = 300.0
"""Seconds after which a client that fell silent is let go (RFC 5321 §4.5.3.2)."""
FIRST = 10.0
"""Seconds until the first command: whoever calls a mail server has something to say."""
MOST_CLIENTS = 100
"""At the same time: each may hold a whole mail in memory."""
_TOO_BIG = "552 5.3.4 the mail is larger than {} bytes"
_LATER = "451 4.3.0 the mail was not taken, send it again: {}"
_BUSY = b"421 4.3.2 too many clients, come again\r\n"


class Receiving:
    """Keeps the mail of all conversations; aiosmtpd's handler."""

    def __init__(self, store: Store, largest: int, news: Callable[[], None]) -> None:
        self.store = store
        self.largest = largest
        self.news = news
        self.pool = ThreadPoolExecutor(4, thread_name_prefix="lmtp")
        self.heard: dict[_Reading, float] = {}
        """Every conversation and when it was last heard of, the longest silent first."""

    async def keep(self, raw: bytes, sender: str, recipients: list[str]) -> list[str]:
        """Keep a mail once for each mailbox it is for; gives the answer for each recipient."""
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(self.pool, self._keep, raw, sender, recipients)
        if any(answer.startswith("250") for answer in answers):
            self.news()
        return answers

    def to_let_go(self, now: float) -> "_Reading | None":
        """Give whom to let go where one more comes than there is room for: the oldest silent one.

        Who has not said anything yet goes first; who is in the midst of a mail stays.
        """
        if len(self.heard) <= MOST_CLIENTS:
            return None
        quiet = [one for one, at in self.heard.items() if now - at >= FIRST and not one.busy]
        mute = (one for one in self.heard if not one.spoke)
        *_, newest = self.heard
        first = next(mute, newest)
        return first if first is not newest else next(iter(quiet), newest)

    async def handle_exception(self, error: Exception) -> str:
        """Whatever goes wrong here is not the mail's fault: it is to be sent again."""
        return _later(f"{type(error).__name__}: {error}")

    def _keep(self, raw: bytes, sender: str, recipients: list[str]) -> list[str]:
        try:
            with self.store.reading() as database:
                names = [mailbox_for(database, [one]) for one in recipients]
        except DeskError as error:
            return [_later(str(error))] * len(recipients)
        told = {name: self._keep_in(name, raw, sender, names, recipients) for name in set(names)}
        return [told[name] for name in names]

    def _keep_in(
        self, name: str, raw: bytes, sender: str, names: list[str], recipients: list[str]
    ) -> str:
        mine = [to for to, of in zip(recipients, names, strict=True) if of == name]
        try:
            kept = receive(self.store, raw, sender, " ".join(mine), name)
        except RefusedError:
            return _TOO_BIG.replace("{}", f"{self.largest:,}")
        except DeskError as error:
            return _later(str(error))
        except Exception as error:  # noqa: BLE001 - the server's edge: the client must try again
            return _later(f"{type(error).__name__}: {error}")
        return f"250 2.0.0 kept as mail {kept.id}"


class _Reading(SMTP):
    """Reads a mail of lines of any length, and no more of it than is allowed."""

    event_handler: Receiving
    spoke = False
    """Whether it has said a whole line."""
    busy = False
    """Whether a mail of it is being kept."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Make room for whoever is one too many, or turn them away."""
        handler = self.event_handler
        handler.heard[self] = self.loop.time()
        super().connection_made(transport)
        gone = handler.to_let_go(self.loop.time())
        if gone is not None:
            handler.heard.pop(gone)
            gone.turn_away()

    def turn_away(self) -> None:
        """Say that it shall come again, and close."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(_BUSY)
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Note that it was heard; from its first line on it has more time."""
        handler = self.event_handler
        if handler.heard.pop(self, None) is not None:
            handler.heard[self] = self.loop.time()
        if not self.spoke and b"\n" in data:
            self.spoke = True
            self._timeout_duration = SILENT
        super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        """One may come again."""
        self.event_handler.heard.pop(self, None)
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Take a mail and answer."""
        if await self.check_helo_needed():
            return
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos or arg:
            await self.push("501 5.5.4 DATA comes after RCPT, and alone")
            return
        await self.push("354 end with a dot on a line of its own")
        raw = await self._content()
        recipients = [str(one) for one in envelope.rcpt_tos]
        if raw is None:
            too_big = _TOO_BIG.replace("{}", f"{self.event_handler.largest:,}")
            answers = [too_big] * len(recipients)
        else:
            self.busy = True
            answers = await self.event_handler.keep(raw, envelope.mail_from or "", recipients)
            self.busy = False
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self._answer(answers)

    async def _answer(self, answers: list[str]) -> None:
        """Answer once for all; one that is told to come again brings copies, which are known."""
        await self.push(max(answers, key=lambda answer: (answer[0] == "4", answer)))

    async def _content(self) -> bytes | None:
        """Read up to the final dot; gives None where it is too large, which is read to the end."""
        parts: list[bytes] = []
        size, fresh = 0, True
        while True:
            self._reset_timeout()
            part, ends = await self._part()
            if fresh and part == b".\r\n":
                break
            part = part[1:] if fresh and part.startswith(b".") else part
            size, fresh = size + len(part), ends
            if size <= self.event_handler.largest:
                parts.append(part)
            else:
                parts.clear()
        return b"".join(parts) if size <= self.event_handler.largest else None

    async def _part(self) -> tuple[bytes, bool]:
        """Give the next line, or a part of a long one; and whether it ends there."""
        try:
            return await self._reader.readuntil(b"\r\n"), True
        except asyncio.LimitOverrunError as error:
            return await self._reader.read(error.consumed), False


class _Lmtp(_Reading, LMTP):
    """The same by LMTP: an answer for each recipient (RFC 2033 §4.2)."""

    async def _answer(self, answers: list[str]) -> None:
        for one in answers:
            await self.push(one)


def protocol(kind: str, handler: Receiving, loop: asyncio.AbstractEventLoop) -> SMTP:
    """Give one conversation, by `lmtp` or `smtp`."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    made: type[SMTP] = _Lmtp if kind == "lmtp" else _Reading
    options: dict[str, Any] = {"hostname": "localhost", "ident": "deskterm", "timeout": FIRST}
    return made(
        handler, data_size_limit=handler.largest, enable_SMTPUTF8=True, loop=loop, **options
    )


def _later(reason: str) -> str:
    return _LATER.replace("{}", " ".join(reason.split())[:300])
