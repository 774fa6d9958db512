"""Ids of what is done once, however often it is tried: made from what it is about."""

from uuid import UUID, uuid5

OPERATIONS = UUID("5d6f7c1e-7b0a-4c8e-9a51-3f1f5a0c9d24")
"""The name space of operation ids that are made from rows."""


def following(operation: str, name: str) -> str:
    """Give the id of a part of an operation, which its name tells from the other parts."""
    try:
        root = UUID(operation)
    except ValueError:
        root = uuid5(OPERATIONS, operation)
    return str(uuid5(root, name))
