"""The outbox: letters are claimed, rendered once from the public view, frozen, and sent."""
