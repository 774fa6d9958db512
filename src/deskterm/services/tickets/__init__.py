"""Tickets: one opened, shown and acted on (`Tickets`); which there are (`Board`); what was done
and taken back (`Ledger`)."""

from deskterm.services.tickets.operation import Tickets

__all__ = ["Tickets"]
