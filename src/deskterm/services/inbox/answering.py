"""A mail that answers our question: did it work, is it granted, how satisfied (B3, A7, H3)."""

from deskterm.mail.reply.fold import new_words
from deskterm.mail.thread import Thread
from deskterm.services.answers import Answers, Said, said_by_address, said_in_words
from deskterm.services.inbox.arrived import Filed, Mail, Sender
from deskterm.services.inbox.notes import facts_of, remember
from deskterm.services.inbox.opening import new_files
from deskterm.services.inbox.rules import MailRules
from deskterm.services.tickets.files import keep_files
from deskterm.services.tickets.operation import Tickets
from deskterm.storage.work import Work


def file_answer(
    work: Work, tickets: Tickets, rules: MailRules, mail: Mail, sender: Sender
) -> Filed | Thread | None:
    """File an answer; a late or unclear one is a reply to its ticket, other mail nothing here."""
    if mail.silent:
        return None
    said = _said(work, rules, mail, sender)
    if said is None:
        return None
    data = facts_of(mail, Thread(said.answer.ticket, "it answers our question"), None)
    if sender.person != said.answer.person:
        data["sent_by"] = sender.address
    done = Answers(work, tickets).apply(said, data)
    if done.again:
        return Thread(done.ticket, done.reason, proven=True, unsure=done.unsure)
    keep_files(work, done.ticket, done.entry, new_files(mail.parsed.files))
    remember(work, done.ticket, mail)
    return Filed("reply", done.reason, done.ticket)


def _said(work: Work, rules: MailRules, mail: Mail, sender: Sender) -> Said | None:
    parsed = mail.parsed
    words = new_words(parsed).text
    found = said_by_address(list(mail.recipients()), words, rules.secrets)
    if found is not None:
        return found
    nearest = (*parsed.in_reply_to, *reversed(parsed.references))
    writer = (sender.person, parsed.from_name)
    return said_in_words(work.spine, nearest, writer, words, rules.secrets)
