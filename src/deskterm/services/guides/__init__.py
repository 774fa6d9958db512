"""Guides: the shelf (`Guides`), runs on tickets with their ends (`Runs`), what use tells."""
