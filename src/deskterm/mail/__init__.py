"""Pure: parse, thread and compose mail."""
