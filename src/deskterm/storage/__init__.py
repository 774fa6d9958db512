"""Connections, unit of work, spine, reads, search and migrations."""
