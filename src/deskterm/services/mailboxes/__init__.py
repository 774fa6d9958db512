"""Mailboxes: where mail comes from; kept as records, fetched, watched, and how each stands."""
