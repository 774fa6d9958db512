"""The static site of published solutions (E3): pages, feed and the folder they are written to."""
