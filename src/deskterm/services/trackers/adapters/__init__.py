"""The trackers that deskterm speaks with itself: a line in, a line out, over HTTPS between."""
