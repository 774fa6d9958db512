"""Handing a letter over: every phase can fail, and each failure has its meaning (semantics §2)."""

from collections.abc import Iterator
from typing import Any

import pytest

from deskterm.mail import smtp_account
from deskterm.mail.smtp import Answer, Fate, SmtpSender
from deskterm.mail.smtp_account import Account, AccountError
from tests.mail.smtp_server import CERTIFICATE, Server, smtp_server

RAW = b"Subject: x\r\nTo: <ada@x.test>\r\n\r\n.hello\r\n..\r\nFrom here on\r\n"


@pytest.fixture
def server() -> Iterator[Server]:
    with smtp_server() as running:
        yield running


def _account(server: Server, **values: Any) -> Account:
    defaults = {"security": "none", "user": "", "password": lambda: "s3cret-word"}
    return Account("localhost", server.port, **{**defaults, **values})


def _send(server: Server, **values: Any) -> Answer:
    sender = SmtpSender(_account(server, **values))
    answer = sender.send(RAW, ["help@desk.test"], "ada@x.test")
    sender.close()
    return answer


def test_the_frozen_bytes_are_what_the_server_gets(server: Server) -> None:
    assert _send(server).fate == Fate.SENT
    assert server.mails == [("FROM:<help@desk.test>", ["TO:<ada@x.test>"], RAW)]
    assert server.said[-1] == ("QUIT", False)


@pytest.mark.parametrize("told", ["close", "451 4.3.0 not now"])
@pytest.mark.parametrize("phase", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "."])
def test_trouble_in_any_phase_means_later(server: Server, phase: str, told: str) -> None:
    server.answers[phase] = told
    answer = _send(server)
    early = phase == "greeting" or (phase == "EHLO" and told == "close")
    if phase == "EHLO" and not early:
        assert answer.fate == Fate.SENT, "a server without EHLO is greeted with HELO"
    else:
        assert answer.fate == (Fate.UNREACHABLE if early else Fate.LATER)
        assert answer.reason


@pytest.mark.parametrize("phase", ["greeting", "MAIL", "."])
def test_a_server_that_hangs_is_left_alone(
    server: Server, phase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_account, "READ_SECONDS", 0.05)
    server.answers[phase] = "hang"
    assert _send(server) == (Fate.UNREACHABLE, "no answer in time")


def test_what_happens_at_quit_changes_nothing(server: Server) -> None:
    server.answers["QUIT"] = "close"
    assert _send(server).fate == Fate.SENT


@pytest.mark.parametrize("phase", ["greeting", "EHLO"])
def test_a_server_that_refuses_us_refuses_no_letter(server: Server, phase: str) -> None:
    server.answers = {phase: "554 5.7.1 your network is blocked", "HELO": "554 5.7.1 blocked"}
    assert _send(server).fate == Fate.PAUSED


def test_a_refused_sender_is_no_letter_s_fault(server: Server) -> None:
    server.answers["MAIL"] = "550 5.1.8 unknown sender"
    assert _send(server).fate == Fate.PAUSED


def test_where_the_null_sender_is_refused_the_next_one_is_named(server: Server) -> None:
    def refuse_the_null_sender(verb: str) -> None:
        server.answers.pop("MAIL", None)
        if verb == "MAIL" and server.said[-1][0].startswith("MAIL FROM:<>"):
            server.answers["MAIL"] = "501 5.1.7 no null sender"

    server.watch = refuse_the_null_sender
    sender = SmtpSender(_account(server))
    assert sender.send(RAW, ["", "help+b1.x@desk.test"], "ada@x.test").fate == Fate.SENT
    sender.close()
    assert server.mails[0][0] == "FROM:<help+b1.x@desk.test>"


def test_an_idle_connection_that_was_closed_is_made_again_at_once(server: Server) -> None:
    server.most = 1
    sender = SmtpSender(_account(server))
    fates = [sender.send(RAW, ["help@desk.test"], "ada@x.test").fate for _ in range(3)]
    sender.close()
    assert fates == [Fate.SENT] * 3
    assert server.connections == 3
    assert len(server.mails) == 3


def test_a_server_that_drops_every_connection_is_the_trouble(server: Server) -> None:
    server.answers["RCPT"] = "close"
    sender = SmtpSender(_account(server))
    fates = [sender.send(RAW, ["help@desk.test"], "ada@x.test").fate for _ in range(3)]
    assert fates == [Fate.LATER, Fate.LATER, Fate.UNREACHABLE]


def test_after_a_refusal_the_connection_goes_on(server: Server) -> None:
    server.answers["RCPT"] = "550 5.1.1 no such user"
    sender = SmtpSender(_account(server))
    assert sender.send(RAW, ["help@desk.test"], "ada@x.test").fate == Fate.REFUSED
    server.answers.clear()
    assert sender.send(RAW, ["help@desk.test"], "bo@x.test").fate == Fate.SENT
    sender.close()
    assert server.connections == 1


def test_a_letter_that_could_be_cut_in_two_is_refused(server: Server) -> None:
    sender = SmtpSender(_account(server))
    for raw in (b"a\n.\r\nMAIL FROM:<x>\r\n", b"a\r.\r\n", b"a\r\n.\n"):
        assert sender.send(raw, ["help@desk.test"], "ada@x.test").fate == Fate.REFUSED
    assert server.connections == 0


def test_a_letter_larger_than_the_server_takes_is_not_begun(server: Server) -> None:
    server.offers = ["SIZE 20"]
    assert _send(server) == (Fate.REFUSED, f"the letter has {len(RAW)} bytes, the server takes 20")
    assert not any(said.startswith("MAIL") for said, _ in server.said)


@pytest.mark.parametrize("offers", [[], ["SMTPUTF8", "8BITMIME"]])
def test_an_address_beyond_ascii_goes_only_where_it_is_taken(
    server: Server, offers: list[str]
) -> None:
    server.offers = offers
    sender = SmtpSender(_account(server))
    answer = sender.send(RAW, ["help@desk.test"], "jörg@bücher.test")
    sender.close()
    if offers:
        assert answer.fate == Fate.SENT
        assert server.mails[0][0].endswith("SMTPUTF8 BODY=8BITMIME")
        assert server.mails[0][1] == ["TO:<jörg@xn--bcher-kva.test>"]
    else:
        assert answer.fate == Fate.REFUSED
        assert "no SMTPUTF8" in answer.reason


# --- encryption and signing in ---------------------------------------------------------------


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def _secret_was_said(server: Server) -> bool:
    return any(said.startswith("AUTH") and not hidden for said, hidden in server.said)


@pytest.mark.usefixtures("trusted")
def test_the_password_travels_encrypted(server: Server) -> None:
    server.offers = ["STARTTLS", "AUTH PLAIN"]
    assert _send(server, security="starttls", user="desk").fate == Fate.SENT
    assert ("STARTTLS", False) in server.said
    assert [hidden for said, hidden in server.said if said.startswith(("AUTH", "MAIL"))] == [
        True
    ] * 2


@pytest.mark.usefixtures("trusted")
def test_tls_from_the_first_byte(server: Server) -> None:
    with smtp_server(tls=True) as hidden:
        assert _send(hidden, security="tls").fate == Fate.SENT
    answer = _send(server, security="tls")
    assert answer.fate == Fate.PAUSED
    assert "speaks no TLS" in answer.reason


def test_without_starttls_nothing_is_said_in_plain(server: Server) -> None:
    server.offers = ["AUTH PLAIN"]
    answer = _send(server, security="starttls", user="desk")
    assert answer.fate == Fate.PAUSED
    assert "offers no STARTTLS and nothing is sent in plain" in answer.reason
    assert {said.split()[0] for said, _ in server.said} <= {"EHLO", "QUIT"}


def test_starttls_that_is_refused_is_not_done_without(server: Server) -> None:
    server.offers = ["STARTTLS", "AUTH PLAIN"]
    server.answers["STARTTLS"] = "454 4.7.0 not now"
    assert _send(server, security="starttls", user="desk").fate == Fate.UNREACHABLE
    assert not _secret_was_said(server)


@pytest.mark.usefixtures("trusted")
def test_what_is_added_behind_starttls_is_never_read(server: Server) -> None:
    """A man in the middle answers in plain before the encryption begins (H082)."""
    server.offers = ["STARTTLS", "AUTH PLAIN"]
    server.injected = (
        b"250-evil\r\n250 AUTH LOGIN\r\n235 welcome\r\n250 ok\r\n250 ok\r\n354 go\r\n250 kept\r\n"
    )
    answer = _send(server, security="starttls", user="desk")
    assert answer.fate != Fate.SENT or len(server.mails) == 1
    assert not _secret_was_said(server)


@pytest.mark.parametrize("tls", [True, False])
def test_a_certificate_that_proves_nothing_pauses_the_account(tls: bool) -> None:
    with smtp_server(tls=tls) as server:
        server.offers = ["STARTTLS", "AUTH PLAIN"]
        answer = _send(server, security="tls" if tls else "starttls", user="desk")
        assert answer.fate == Fate.PAUSED
        assert "certificate of localhost is not trusted (self-signed" in answer.reason
        assert not any(said.startswith(("AUTH", "MAIL")) for said, _ in server.said)


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_pauses_the_account(server: Server) -> None:
    server.offers = ["STARTTLS"]
    account = _account(server, security="starttls")._replace(host="127.0.0.1")
    answer = SmtpSender(account).send(RAW, ["help@desk.test"], "ada@x.test")
    assert answer.fate == Fate.PAUSED
    assert "certificate is not valid for '127.0.0.1'" in answer.reason


@pytest.mark.parametrize(
    ("offers", "told", "fate", "words"),
    [
        (["AUTH PLAIN"], "535 5.7.8 bad credentials", Fate.PAUSED, "wrong user or password (535"),
        (["AUTH PLAIN"], "454 4.7.0 busy", Fate.UNREACHABLE, "454"),
        (["AUTH PLAIN"], "close", Fate.UNREACHABLE, "unexpectedly closed"),
        (["AUTH NTLM"], "235 ok", Fate.PAUSED, "No suitable authentication method"),
        ([], "235 ok", Fate.PAUSED, "knows no users here"),
    ],
)
def test_signing_in_that_fails_is_the_account_s_trouble(
    server: Server, offers: list[str], told: str, fate: Fate, words: str
) -> None:
    server.offers = offers
    server.answers["AUTH"] = told
    answer = _send(server, user="desk")
    assert answer.fate == fate
    assert words in answer.reason
    assert "s3cret" not in answer.reason


def test_a_password_that_cannot_be_had_is_the_account_s_trouble(server: Server) -> None:
    def ask() -> str:
        raise AccountError("the password command failed")

    assert _send(server, user="desk", password=ask) == (Fate.PAUSED, "the password command failed")
    assert server.connections == 0


def test_an_unknown_kind_of_security_sends_nothing(server: Server) -> None:
    answer = _send(server, security="start-tls")
    assert answer.fate == Fate.PAUSED
    assert server.connections == 0


def test_a_host_that_is_not_there_is_unreachable(server: Server) -> None:
    account = _account(server)._replace(port=1)
    assert SmtpSender(account).send(RAW, ["a@x.test"], "b@x.test").fate == Fate.UNREACHABLE
