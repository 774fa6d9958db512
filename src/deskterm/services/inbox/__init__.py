"""The inbox: mail is kept first and durably, then made a ticket, a reply, or quarantined."""
