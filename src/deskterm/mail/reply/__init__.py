"""The new words of a reply, without what it quotes (semantics.md §1.12)."""

from deskterm.mail.reply.fold import reply_of

__all__ = ["reply_of"]
