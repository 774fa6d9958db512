"""The shipped trackers against real servers that keep state: once each, whatever goes wrong."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import trustme

from deskterm.domain.errors import UsageError
from deskterm.services.trackers.adapters import issues, web
from deskterm.services.trackers.adapters.issues import GitHub, GitLab, Issues
from deskterm.services.trackers.adapters.web import TroubleError
from tests.forges import TOKEN, Forge, forge

PROBLEM = {
    "id": "P7",
    "title": "The VPN drops\nafter an hour",
    "severity": "high",
    "cause": "A ``` timer @everyone <img src=x>",
    "workaround": "",
    "found": ["2.3"],
    "tickets": 12,
    "people": 9,
    "ref": "",
}


@pytest.fixture(params=["github", "gitea", "gitlab"])
def server(request: pytest.FixtureRequest) -> Iterator[Forge]:
    with forge(request.param) as one:
        yield one


def tracker(server: Forge) -> Issues:
    kind = GitLab if server.kind == "gitlab" else GitHub
    return kind("acme/router", TOKEN, server.address)


def asking(do: str, ref: str = "", text: str = "", op: str = "") -> dict[str, Any]:
    return {
        "do": do,
        "op": op or str(uuid4()),
        "at": "2026-11-30T08:00:00.000000Z",
        "problem": PROBLEM | {"ref": ref},
        "comment": {"text": text},
    }


def test_a_problem_is_opened_changed_commented_and_read(server: Forge) -> None:
    issues = tracker(server)
    said = issues.answer(asking("open"))
    assert said == {
        "ref": "1",
        "url": "https://forge.example/1",
        "state": "open",
        "fixed_in": "",
    }
    words = str(server.issue(1)[issues.TEXT])
    assert server.issue(1)["title"] == "The VPN drops after an hour"
    assert "From a help desk, P7: 12 tickets of 9 people." in words
    assert "````text\nA ``` timer @everyone <img src=x>\n````" in words
    assert "Workaround" not in words

    own = asking("comment", "1", "Still there in 2.4.")
    issues.answer(own)
    for number in range(5):
        server.hear(1, f"dev{number}", f"Comment {number}")
    server.issue(1).update(state="closed", milestone={"title": "2.4.1"})
    said = issues.answer(asking("read", "1"))
    assert (said["state"], said["fixed_in"]) == ("closed", "2.4.1")
    listed = said["comments"]
    assert isinstance(listed, list)
    heard = [(one["author"], one["text"], one["op"]) for one in listed]
    assert heard[0][2] == own["op"]
    assert heard[1:] == [(f"dev{number}", f"Comment {number}", "") for number in range(5)]

    label = "wontfix" if server.kind == "gitlab" else {"name": "wontfix"}
    server.issue(1)["labels"] = [label]
    said = issues.answer(asking("update", "1"))
    assert (said["state"], said["fixed_in"]) == ("wont_fix", "")
    assert len(server.issues) == 1


def test_an_issue_is_closed_and_opened_where_its_command_says_so(server: Forge) -> None:
    kind = GitLab if server.kind == "gitlab" else GitHub
    closing = kind("acme/router", TOKEN, server.address, close=True)
    closing.answer(asking("open"))
    ended = asking("update", "1") | {"turn": "close"}
    ended["problem"] |= {"ended": "wont_fix"}
    assert tracker(server).answer(ended)["state"] == "open"
    assert closing.answer(ended)["state"] in ("closed", "wont_fix")
    if server.kind != "gitlab":
        assert server.issue(1)["state_reason"] == "not_planned"
    assert closing.answer(asking("update", "1"))["state"] != "open"
    again = asking("update", "1") | {"turn": "reopen"}
    assert closing.answer(again)["state"] == "open"
    assert closing.answer(again)["state"] == "open"
    server.closes = False
    with pytest.raises(TroubleError, match="could not be closed there: it stays as it was") as said:
        closing.answer(ended)
    assert said.value.said["again"] is False
    server.faults = [f"{closing.CHANGE} 500"]
    with pytest.raises(TroubleError, match="HTTP 500"):
        closing.answer(ended)


@pytest.mark.parametrize("fault", ["lost", "half"])
def test_what_was_done_without_an_answer_is_not_done_again(server: Forge, fault: str) -> None:
    issues, opening = tracker(server), asking("open")
    for _ in range(5):
        issues.answer(asking("open"))  # others, so that it stands on a page of its own
    server.faults = [f"POST {fault}"]
    with pytest.raises(TroubleError) as trouble:
        issues.answer(opening)
    assert "again" not in trouble.value.said
    assert len(server.issues) == 6
    assert issues.answer(opening)["ref"] == "6"
    assert len(server.issues) == 6
    telling = asking("comment", "1", "Once.")
    server.faults = [f"POST {fault}"]
    with pytest.raises(TroubleError):
        issues.answer(telling)
    issues.answer(telling)
    assert [one["body"] for one in server.comments[1]].count(server.comments[1][0]["body"]) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("500", {}),
        ("502", {}),
        ("nonsense", {}),
        ("half", {}),
        ("lost", {}),
        ("401", {"pause": 900}),
        ("403", {"pause": 900}),
        ("429", {"pause": 60}),
        ("wait120", {"pause": 120}),
        ("404", {"again": False}),
        ("422", {"again": False}),
        ("elsewhere", {"again": False}),
    ],
)
def test_each_fault_says_whether_and_when_it_is_worth_another_try(
    fault: str, said: dict[str, Any]
) -> None:
    with forge("github") as server:
        issues = tracker(server)
        issues.answer(asking("open"))
        server.faults = [fault]
        with pytest.raises(TroubleError) as trouble:
            issues.answer(asking("read", "1"))
        assert TOKEN not in str(trouble.value.said)
        more = {name: value for name, value in trouble.value.said.items() if name != "error"}
        assert more == said
        assert not any("stolen" in call for call in server.calls)


def test_a_spent_allowance_waits_until_it_is_given_anew() -> None:
    with forge("github") as server:
        server.faults = ["spent"]
        with pytest.raises(TroubleError, match="too many requests") as trouble:
            tracker(server).answer(asking("read", "1"))
        pause = trouble.value.said["pause"]
        assert isinstance(pause, int)
        assert pause > 10_000


def test_a_server_that_is_silent_or_away_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TroubleError, match="no answer: timed out"):
            GitHub("a/b", TOKEN, address).answer(asking("read", "1"))
    with pytest.raises(TroubleError, match="no answer"):
        GitHub("a/b", TOKEN, address).answer(asking("read", "1"))


def test_a_tracker_of_ones_own_is_asked_over_tls_with_its_authority(tmp_path: Path) -> None:
    """Faults are the same there; a stranger's certificate, or another host's, is no server."""
    authority = trustme.CA()
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    with forge("gitlab", authority.issue_cert("localhost")) as server:
        issues = GitLab("acme/router", TOKEN, server.address, str(file))
        assert issues.answer(asking("open"))["ref"] == "1"
        for fault, more in (
            ("401", {"pause": 900}),
            ("wait120", {"pause": 120}),
            ("500", {}),
            ("half", {}),
            ("lost", {}),
        ):
            server.faults = [fault]
            with pytest.raises(TroubleError) as trouble:
                issues.answer(asking("read", "1"))
            said = dict(trouble.value.said)
            assert TOKEN not in str(said.pop("error"))
            assert said == more
        assert issues.answer(asking("read", "1"))["state"] == "open"
        before = len(server.calls)
        with pytest.raises(TroubleError, match=r"no answer: .*certificate verify failed"):
            GitLab("acme/router", TOKEN, server.address).answer(asking("read", "1"))
        lost = GitLab("acme/router", TOKEN, server.address, str(tmp_path / "none.pem"))
        with pytest.raises(TroubleError, match="No such file") as missing:
            lost.answer(asking("read", "1"))
        assert missing.value.said["pause"] == 900
        file.write_text("no certificate")
        with pytest.raises(TroubleError):
            GitLab("acme/router", TOKEN, server.address, str(file)).answer(asking("read", "1"))
        assert len(server.calls) == before
    authority.cert_pem.write_to_path(file)
    with forge("github", authority.issue_cert("other.test")) as server:
        with pytest.raises(TroubleError, match=r"no answer: .*Hostname mismatch"):
            GitHub("a/b", TOKEN, server.address, str(file)).answer(asking("read", "1"))
        assert server.calls == []


def test_a_tls_server_that_says_nothing_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://localhost:{silent.getsockname()[1]}"
        with pytest.raises(TroubleError, match=r"no answer: .*timed out"):
            GitHub("a/b", TOKEN, address).answer(asking("read", "1"))


@pytest.mark.parametrize(
    "address", ["http://git.example/api", "ftp://x", "https://u:p@x/", "https://x/?a=b", "x"]
)
def test_a_token_goes_nowhere_in_plain(address: str) -> None:
    with pytest.raises(UsageError):
        GitHub("a/b", TOKEN, address)
    with pytest.raises(UsageError):
        GitLab("a/b", TOKEN, address)
    with pytest.raises(UsageError):
        GitHub("no repository", TOKEN)
    assert TOKEN not in repr(web.Site("https://x", TOKEN, {}))


def test_words_end_no_fence_and_the_mark_is_the_last() -> None:
    assert issues.quoted("a\n``````\nb") == "```````text\na\n``````\nb\n```````"
    mine = str(uuid4())
    text = f"{issues.quoted(issues.mark(str(uuid4())))}\n{issues.mark(mine)}"
    assert issues.operation_in(text) == mine
    assert issues.operation_in(None) == ""
