"""What those who report see and do by themselves on the web face (A9, semantics §15)."""
