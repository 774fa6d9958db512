"""One IMAP folder: read without marking, mark and move when told, wait for news.

What goes wrong is a SourceError that says in one sentence what, and in which phase.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError
from imap_tools.utils import encode_folder

from deskterm.domain.mailboxes import SourceError, Trouble
from deskterm.domain.patterns import pattern
from deskterm.services.mailboxes.imap_line import Account, ImapLine
from deskterm.services.mailboxes.secret import Secret

_UID = pattern(rb"\bUID (\d{1,10})\b")
_SIZE = pattern(rb"\bRFC822\.SIZE (\d{1,19})\b")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class ImapFolder(ImapLine):
    """An open folder on a connection of its own."""

    def __init__(self, account: Account, secret: Secret) -> None:
        super().__init__(account)
        self._made: set[str] = set()
        try:
            self.sign_in(secret)
            with self.told(f"while opening {account.folder}"):
                self.validity = self._opened()
        except SourceError:
            self.drop()
            raise

    # --- reading ------------------------------------------------------------------

    @property
    def told_of_more(self) -> bool:
        """Whether the server has told of new mail since the last look, beside another answer.

        It tells once: IDLE would not say it again.
        """
        return "EXISTS" in self.box.client.untagged_responses

    def uids_after(self, last: int) -> list[int]:
        """Give the UIDs above `last`, in order."""
        self.box.client.untagged_responses.pop("EXISTS", None)
        return [uid for uid in self._search("UID", f"{last + 1}:*") if uid > last]

    def uids_unread(self) -> list[int]:
        """Give the UIDs of mail nobody has read."""
        return self._search("UNSEEN")

    def uids_unread_or_since(self, day: datetime) -> list[int]:
        """Give the UIDs of mail nobody has read, and of all that came on or after a day."""
        text = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        return self._search("OR", "UNSEEN", "SINCE", text)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Give the size of each mail, asked before anything is loaded."""
        found: dict[int, int] = {}
        with self.told("while asking for sizes"):
            for item in self._fetch(uids, "(UID RFC822.SIZE)"):
                line = item[0] if isinstance(item, tuple) else item
                uid, size = _UID.search(line or b""), _SIZE.search(line or b"")
                if uid and size:
                    found[int(uid.group(1))] = int(size.group(1))
        return found

    def bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Give the raw bytes of mails without marking them as read; gone ones are left out."""
        found: dict[int, bytes] = {}
        with self.told("while fetching mail"):
            answer = self._fetch(uids, "(UID BODY.PEEK[])")
            for item, after in zip(answer, [*answer[1:], b""], strict=True):
                if isinstance(item, tuple):
                    tail = after if isinstance(after, bytes) else b""
                    uid = _UID.search(item[0]) or _UID.search(tail)
                    if uid:
                        found[int(uid.group(1))] = bytes(item[1])
        return found

    # --- marking and moving ---------------------------------------------------------

    def mark_read(self, uids: Sequence[int]) -> None:
        """Mark mails as read, and nothing else."""
        with self.told("while marking mail as read"):
            self.ask("STORE", _set(uids), "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails, also where the server knows no MOVE; the folder is made where missing."""
        with self.told(f"while moving mail to {folder}"):
            self._make(folder)
            if "MOVE" in self.capabilities:
                self.ask("MOVE", _set(uids), encode_folder(folder))
                return
            self.ask("COPY", _set(uids), encode_folder(folder))
            self.ask("STORE", _set(uids), "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self.capabilities:
                # A plain EXPUNGE would also remove what other programs have marked as deleted.
                self.ask("EXPUNGE", _set(uids))

    # --- inside -------------------------------------------------------------------------

    def _opened(self) -> int:
        folder = self.account.folder
        try:
            self.box.folder.set(folder)
        except MailboxFolderSelectError as error:
            raise SourceError(
                Trouble.FOLDER, f"{self.account.host} has no folder {folder!r} to read"
            ) from error
        _, data = self.box.client.response("UIDVALIDITY")
        number = data[-1] if data else None
        return int(number) if number else 0

    def _make(self, folder: str) -> None:
        if folder in self._made:
            return
        if not self.box.folder.exists(folder):
            self.box.folder.create(folder)
            with suppress(ImapToolsError):
                self.box.folder.subscribe(folder, value=True)
        self._made.add(folder)

    def _search(self, *criteria: str) -> list[int]:
        with self.told("while looking for mail"):
            data = self.ask("SEARCH", *criteria)
            numbers = b" ".join(one for one in data if one).split()
            return sorted({int(one) for one in numbers})

    def _fetch(self, uids: Sequence[int], what: str) -> list[Any]:
        return list(self.ask("FETCH", _set(uids), what))


def _set(uids: Sequence[int]) -> str:
    """Give UIDs as IMAP writes a set: neighbours as a range."""
    parts: list[list[int]] = []
    for uid in uids:
        if parts and uid == parts[-1][1] + 1:
            parts[-1][1] = uid
        else:
            parts.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in parts)
