"""The letters of a new desk: plain text templates (Jinja2), each editable by the desk."""
