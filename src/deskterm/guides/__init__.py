"""Pure: troubleshooting guides, their checks and how one is walked."""
