"""The desk's records: listed, set, renamed, merged, removed and imported, each kind the same."""

from deskterm.services.records.service import Records

__all__ = ["Records"]
