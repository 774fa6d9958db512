"""Somebody with a browser, as tests see them: pages asked for and forms filled in by plain HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient

from deskterm.bootstrap import Desk
from deskterm.domain.web_rows import Visitor
from deskterm.services.web.web import Web
from deskterm.web.app import application

PROXY = "10.9.8.7"


def web(desk: Desk) -> Web:
    """Give what those who report see and do."""
    return Web(desk, desk.tickets, desk.solutions)


def browser(desk: Desk, base: str = "", peer: str = "192.0.2.4") -> TestClient:
    """Give a browser at the desk's web face, on a machine of that address."""
    desk.desk_settings.set("web.most_per_minute", "0")
    return TestClient(application(desk, base), client=(peer, 40_000), raise_server_exceptions=True)


class Page(NamedTuple):
    """A page that was given."""

    client: TestClient
    path: str
    status: int
    text: str
    tree: LexborHTMLParser

    def form(self, action: str) -> LexborNode:
        """Give the first form whose address ends so."""
        for one in self.tree.css("form"):
            if (one.attributes.get("action") or "").partition("?")[0].endswith(action):
                return one
        raise AssertionError(f"no form {action} on {self.path}:\n{self.text}")

    def fields(self, action: str, kind: str = "") -> dict[str, str]:
        """Give what a form would send as it stands; `kind` picks one of several questions."""
        for form in self.tree.css("form"):
            if not (form.attributes.get("action") or "").partition("?")[0].endswith(action):
                continue
            inputs = form.css("input[type=hidden], input:not([type])")
            found = {
                str(one.attributes["name"]): one.attributes.get("value") or "" for one in inputs
            }
            if not kind or found.get("kind") == kind:
                return found
        raise AssertionError(f"no form {action} {kind} on {self.path}")

    def send(
        self,
        action: str,
        said: Mapping[str, str],
        files: Sequence[tuple[str, bytes]] = (),
        kind: str = "",
    ) -> "Page":
        """Fill in a form and send it."""
        where = str(self.form(action).attributes["action"])
        given: Any = [("files", (name, content, "text/plain")) for name, content in files]
        data = {**self.fields(action, kind), **said}
        return read(self.client, self.client.post(where, data=data, files=given or None))

    def click(self, words: str) -> "Page":
        """Follow the first link of these words."""
        return read(self.client, self.fetch(words))

    def fetch(self, words: str) -> Any:
        """Give what the first link of these words gives, as it comes."""
        for one in self.tree.css("a"):
            if words in one.text():
                return self.client.get(str(one.attributes["href"]))
        raise AssertionError(f"no link {words!r} on {self.path}:\n{self.text}")

    @property
    def main(self) -> str:
        """Give what stands on the page, without its frame."""
        node = self.tree.css_first("main")
        assert node is not None
        return " ".join(node.text(separator=" ").split())


def go(client: TestClient, path: str, **headers: str) -> Page:
    """Ask for a page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read(client, client.get(path, headers=named))


def read(client: TestClient, answer: Any) -> Page:
    """Give the page of an answer."""
    path = urlsplit(str(answer.url)).path
    return Page(client, path, answer.status_code, answer.text, LexborHTMLParser(answer.text))


def link_to(desk: Desk, ticket: int, person: int) -> str:
    """Give the path of a ticket's page for somebody."""
    return f"/t/{web(desk).link(person, ticket)}"


def whose(desk: Desk, address: str) -> Visitor:
    """Give whose an address is."""
    found = web(desk).known(address)
    assert found.person
    return found
