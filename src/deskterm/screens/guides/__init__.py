"""The shelf of guides with what use tells of them: the list, the drawing of one, its editor."""
