"""The desk's type for screens. Only for type checking: a screen never imports a service."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk as Desk
    from deskterm.services.guides.endings import Diagnosis as Diagnosis
    from deskterm.services.mailboxes.watch import Watch as Watch
    from deskterm.storage.reads.held import Opening as Opening
