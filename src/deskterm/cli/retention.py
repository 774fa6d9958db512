"""`deskterm retention …`: how long words of closed tickets and people's data are kept."""

from deskterm.cli import output
from deskterm.cli.change import Call, changing
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.record import sure
from deskterm.cli.records import register
from deskterm.cli.session import opened

noun = Noun("retention", "How long words of closed tickets and people's data are kept.")
COLUMNS = ("rule", "what", "category", "days", "due")


@noun.verb("run", "deskterm retention run --dry-run")
@changing
def run(call: Call) -> None:
    """Forget what is due by the rules now, and tell what each let go; --dry-run only tells.

    A worker does it by itself, where it owns the desk. It cannot be undone, and backups made before
    still hold everything. Nothing goes that is open or hangs on an open problem.
    """
    from deskterm.cli.progress import Bar
    from deskterm.services.privacy import Retention

    with opened() as desk:
        retention = Retention(desk.store, desk.me)
        found = retention.due()
        if not call.dry_run and any(one.many for one in found):
            sure(call, f"Forgetting {sum(one.many for one in found)} for ever")
            bar = Bar("forgetting", 0)
            found = retention.run(bar.show)
            bar.end()
    output.many([{**one._asdict(), "due": one.many} for one in found], COLUMNS, call.output)
    if not found:
        say("There are no rules: deskterm retention set 'Old tickets' --after 2y.")
    elif call.dry_run:
        say("Dry run: nothing was forgotten.")


register(noun)
