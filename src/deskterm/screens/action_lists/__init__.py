"""The commands, one module for each screen; `screens.actions` joins them."""
