"""Tickets: one opened, shown and acted on (`operation.Tickets`); which there are (`board.Board`);
what was done and taken back (`ledger.Ledger`). Each is imported alone: a list needs no verbs."""
