"""What is kept of people: given to them, and forgotten when they ask (I10, docs/privacy.md)."""

from deskterm.services.privacy.forgetting import Forgetting
from deskterm.services.privacy.handing_out import hand_out, hand_out_client
from deskterm.services.privacy.retention import Retention

__all__ = ["Forgetting", "Retention", "hand_out", "hand_out_client"]
