"""One module and one same-stem stylesheet a screen."""
