"""The outbox: letters are claimed, rendered once from the public view, frozen, and sent."""

FOR_TECHNICIANS = "tech_"
"""How the names of letters begin that technicians get; they never travel with a requester's."""
