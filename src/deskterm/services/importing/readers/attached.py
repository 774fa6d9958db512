"""Attachments as JSON exports tell of them: a name, an address, and the bytes where they are."""

from deskterm.services.importing.wide import Json


def attached(given: Json, name: str, address: str) -> list[dict[str, Json]]:
    """Give the files of a list; one lies where `path` says, or as `attachments/ID-NAME`, if there.

    `name` and `address`: what this desk calls them.
    """
    found = []
    for one in given if isinstance(given, list) else ():
        if not isinstance(one, dict):
            continue
        called = str(one.get(name) or one.get("name") or one.get("filename") or "file")
        number = one.get("id")
        usual = f"attachments/{number}-{called}" if number is not None else f"attachments/{called}"
        found.append(
            {
                "name": called,
                "media_type": one.get("content_type") or one.get("mimeType") or _kind(one),
                "path": one.get("path") or usual,
                "content": one.get("content_base64"),
                "address": one.get(address),
            }
        )
    return found


def _kind(given: dict[str, Json]) -> Json:
    """Give the kind of a file as Zammad tells it."""
    told = given.get("preferences")
    return (told.get("Mime-Type") or told.get("Content-Type")) if isinstance(told, dict) else None
