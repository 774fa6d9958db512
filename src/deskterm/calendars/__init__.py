"""Pure: business hours, holidays, the clock of a promise and its explanation."""
