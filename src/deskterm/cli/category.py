"""`deskterm category …`: the tree of categories."""

from typing import Annotated

from deskterm.cli.change import Call, changing, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument
from deskterm.cli.record import changed, listed, sure
from deskterm.cli.records import register

noun = Noun("category", "The tree of categories, as paths such as network/wifi.")
Path = Annotated[str, Argument(metavar="PATH")]


@noun.verb("list", "deskterm category list")
@reading
def list_(call: Call) -> None:
    """List the categories and how many tickets each holds."""
    columns = ("path", "group", "tickets")
    listed(call, lambda desk: desk.admin.categories(counted=True), columns)


@noun.verb("remove", "deskterm category remove phone --yes")
@changing
def remove(call: Call, path: Path) -> None:
    """Retire a category that no open ticket is in."""
    sure(call, f"Retiring category {path}")
    changed(call, lambda desk, how: desk.admin.remove_category(path, how), f"{path} is retired")


register(noun)
