"""Forms that were sent: read within limits, their fields and files as plain values."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from deskterm.domain.requests import NewFile
from deskterm.domain.text import storable
from deskterm.web.asking import Ask, Site, asked

_FIELD = 500_000
"""Bytes of one field that is no file."""


class Sent(NamedTuple):
    """What a form said."""

    fields: Mapping[str, str]
    files: tuple[NewFile, ...]

    def text(self, name: str) -> str:
        """Give a field; empty where it was not sent."""
        return self.fields.get(name, "")

    def line(self, name: str) -> str:
        """Give a field that is one line."""
        return " ".join(self.text(name).split())

    def said(self) -> Mapping[str, str]:
        """Give all fields but the token: what the form asks for."""
        return {name: one for name, one in self.fields.items() if name != "token"}


Handler = Callable[[Ask, Sent], Response]


def posted(site: Site, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Give what answers a form: it is read whole, then handled in a thread."""

    async def endpoint(request: Request) -> Response:
        most = site.face.most_parts
        try:
            async with request.form(max_files=most, max_fields=most, max_part_size=_FIELD) as form:
                fields = {
                    name: storable(value.replace("\r\n", "\n"))
                    for name, value in form.items()
                    if isinstance(value, str)
                }
                files = [
                    await _file(value)
                    for _, value in form.multi_items()
                    if isinstance(value, UploadFile) and value.filename
                ]
        except HTTPException as error:
            why = "too_big" if "aximum" in error.detail or "xceeded" in error.detail else "trouble"
            return await run_in_threadpool(_refused, site, request, why)
        sent = Sent(fields, tuple(files))
        return await run_in_threadpool(lambda: handler(asked(site, request), sent))

    return endpoint


async def _file(value: UploadFile) -> NewFile:
    media_type = value.content_type or "application/octet-stream"
    return NewFile(storable(value.filename or ""), storable(media_type), await value.read())


def _refused(site: Site, request: Request, why: str) -> Response:
    """Say that a form is more than is taken, or that it did not come whole."""
    ask = asked(site, request)
    return ask.plain(ask.w["error"], ask.w[why], 413 if why == "too_big" else 400)
