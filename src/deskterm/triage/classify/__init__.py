"""The classifier: what a ticket is about, learned one ticket at a time (semantics.md §6). Pure."""
