"""Pure: business hours, holidays and service clocks."""
