"""Ids of what a job does once, however often it is tried: made from what it is about."""

from uuid import UUID

OPERATIONS = UUID("5d6f7c1e-7b0a-4c8e-9a51-3f1f5a0c9d24")
"""The name space of operation ids that are made from rows."""
