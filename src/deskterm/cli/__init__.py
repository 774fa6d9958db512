"""The command line: a module or a package a noun."""
