"""One ticket: talk, steps, links, facts, and the reply."""
