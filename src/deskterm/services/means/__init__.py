"""What is done every day by one key: canned texts, macros, templates, own verbs (C8)."""
