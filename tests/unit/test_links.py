"""Links in foreign text: only http, https and mailto, and the real target is what counts."""

from time import process_time

import pytest

from deskterm.domain.errors import RefusedError
from deskterm.domain.links import links_in, openable
from tests.beside import hostile


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "ssh://host",
        "\\\\evil\\share",
        "/etc/passwd",
        "https://",
        "https://host:99999/",
        "https://[broken",
        "https://e.test/\x1b]8;;x",
        "https://bank.test\u202e/moc",
        "mailto:",
        "mailto:a@b@c",
        "mailto:a@x.test,b@x.test",
        "-oProxyCommand=x",
    ],
)
def test_what_is_no_web_or_mail_address_is_refused(target: str) -> None:
    with pytest.raises(RefusedError):
        openable(target)


def test_the_host_comes_first_and_a_sign_in_is_named() -> None:
    shown = openable("https://bank.test@evil.test/login").shown
    assert shown.startswith("evil.test (signs in as bank.test) — ")


def test_a_domain_of_mixed_scripts_is_shown_in_punycode() -> None:
    assert openable("https://b\u0430nk.test/").shown.startswith("xn--")


def test_a_mail_link_keeps_its_address_alone() -> None:
    link = openable("mailto:ada@example.org?bcc=evil@e.test&attach=/etc/passwd")
    assert link.target == "mailto:ada@example.org"


def test_links_end_where_the_sentence_does() -> None:
    text = "See (https://e.test/a_(b)), or https://e.test/c. <https://e.test/d> `mailto:a@e.test`!"
    assert [link.target for link in links_in(text)] == [
        "https://e.test/a_(b)",
        "https://e.test/c",
        "https://e.test/d",
        "mailto:a@e.test",
    ]


def test_each_target_once_and_what_the_text_shows_is_not_believed() -> None:
    text = "[https://bank.test](https://user:pw@evil.test) https://bank.test"
    shown = [link.shown for link in links_in(text)]
    assert [one.split()[0] for one in shown] == ["bank.test", "evil.test"]


def test_hostile_links_give_nothing_but_web_and_mail() -> None:
    cases = [case for case in hostile() if case["class"] == "link"]
    assert len(cases) >= 3
    for case in cases:
        for link in links_in(case["payload"]):
            assert link.target.startswith(("https://bank.test", "https://user:pw@evil.test"))


@pytest.mark.parametrize(
    "piece", ["https://", "mailto:", "a", "(", "https://e.test/" + ")", "http"]
)
def test_the_search_is_linear_in_its_own_worst_case(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    before = process_time()
    links_in(text)
    assert process_time() - before < 5
