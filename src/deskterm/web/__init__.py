"""The web face: pages for those who report (A9, semantics §15). Starlette, the extra `web`."""
