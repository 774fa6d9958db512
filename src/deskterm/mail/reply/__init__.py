"""The new words of a reply, without what it quotes (semantics.md §1.12)."""

from deskterm.mail.reply.fold import NewWords, new_words, reply_of

__all__ = ["NewWords", "new_words", "reply_of"]
