"""Servers that speak as GitHub, Gitea and GitLab do, keep what they are told, and fail if told."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from trustme import LeafCert

TOKEN = "t0ken-0f-cy"


class Forge:
    """One project's issues and their comments; `faults` are what goes wrong next, in order."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.issues: list[dict[str, Any]] = []
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.faults: list[str] = []
        self.calls: list[str] = []
        self.address = ""
        self.closes = True
        """Whether an issue may be closed and opened by whoever asks."""

    def issue(self, number: int) -> dict[str, Any]:
        return self.issues[number - 1]

    def fault(self, method: str) -> str:
        """Give what goes wrong with this request; `POST lost` waits for one that writes."""
        if not self.faults:
            return ""
        wanted, _, fault = self.faults[0].rpartition(" ")
        if wanted and wanted != method:
            return ""
        self.faults.pop(0)
        return fault

    def hear(self, number: int, author: str, text: str) -> None:
        """Somebody comments on an issue."""
        who = {"login": author, "username": author}
        one = {"id": 900 + len(self.comments[number]), "body": text, "user": who, "author": who}
        self.comments[number].append(one)

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """Give (status, what it answers) to one request."""
        *_, tail = path.partition("/issues")
        parts = [one for one in tail.split("/") if one]
        if not parts:
            return (201, self._open(body)) if method == "POST" else (200, self._listed(query))
        number = int(parts[0])
        if number > len(self.issues):
            return 404, {"message": "Not Found"}
        if len(parts) > 1:
            if method == "POST":
                self.hear(number, "desk", body["body"])
                return 201, self.comments[number][-1]
            return 200, self._page(self.comments[number], query)
        if method in ("PATCH", "PUT"):
            event = body.pop("state_event", "")
            if event:
                body["state"] = {"close": "closed", "reopen": "opened"}[event]
            if not self.closes:
                body.pop("state", None)
            self.issue(number).update(body)
        return 200, self.issue(number)

    def _open(self, body: Any) -> dict[str, Any]:
        number = len(self.issues) + 1
        address = f"https://forge.example/{number}"
        state = "opened" if self.kind == "gitlab" else "open"
        self.issues.append(
            {"id": 5_000 + number, "number": number, "iid": number, "state": state, **body}
            | {"html_url": address, "web_url": address, "milestone": None, "labels": []}
        )
        self.comments[number] = []
        return self.issues[-1]

    def _listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        wanted = "created_after" if self.kind == "gitlab" else "since"
        assert wanted in query
        return self._page(list(reversed(self.issues)), query)

    def _page(self, rows: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
        if self.kind == "gitea":
            return rows  # the comments of Gitea have no pages
        start = (int(query["page"]) - 1) * 2
        return rows[start : start + 2]  # small pages, as a server may choose


class _Handler(BaseHTTPRequestHandler):
    forge: Forge

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.forge.calls.append(f"{self.command} {unquote(parts.path)}")
        signed = {self.headers.get("Authorization"), self.headers.get("PRIVATE-TOKEN")}
        if not signed & {f"token {TOKEN}", TOKEN}:
            self._say(401, {"message": f"Bad credentials {signed}"})
            return
        fault = self.forge.fault(self.command)
        if self._went_wrong(fault):
            return
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        body = json.loads(raw) if raw else None
        status, said = self.forge.answer(self.command, unquote(parts.path), query, body)
        if fault == "lost":
            self.close_connection = True  # it was done, and nobody hears of it
        elif fault == "half":
            self._raw(status, json.dumps(said).encode()[:20], promised=5_000)
        else:
            self._say(status, said)

    def _went_wrong(self, fault: str) -> bool:
        """Answer with a fault before anything is done; False where there is none."""
        if fault.isdigit():
            self._say(int(fault), {"message": f"went wrong: {TOKEN}"})
        elif fault.startswith("wait"):
            self._say(429, {"message": "slow down"}, {"Retry-After": fault.removeprefix("wait")})
        elif fault == "spent":
            self._say(403, {}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"})
        elif fault == "nonsense":
            self._raw(200, b"<html>Welcome</html>")
        elif fault == "elsewhere":
            self._say(302, {}, {"Location": f"{self.forge.address}/stolen"})
        else:
            return False
        return True

    do_GET = do_POST = do_PATCH = do_PUT = do  # noqa: N815 - the names that the library calls

    def _say(self, status: int, said: object, headers: dict[str, str] | None = None) -> None:
        self._raw(status, json.dumps(said).encode(), headers=headers)

    def _raw(
        self, status: int, raw: bytes, promised: int = 0, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(promised or len(raw)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)
        self.close_connection = True


@contextmanager
def forge(kind: str, certificate: LeafCert | None = None) -> Iterator[Forge]:
    """A server on this machine, until it is left; with a certificate over TLS."""
    one = Forge(kind)
    handler = type("Handler", (_Handler,), {"forge": one})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        one.address = f"http://127.0.0.1:{server.server_address[1]}"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            one.address = f"https://localhost:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield one
        finally:
            server.shutdown()
            thread.join()
