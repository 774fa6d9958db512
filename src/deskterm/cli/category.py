"""`deskterm category …`: the tree of categories."""

from typing import Annotated

import typer

from deskterm.cli.change import Call, changing, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.record import changed, listed, sure
from deskterm.cli.records import register

noun = Noun("category", "The tree of categories, as paths such as network/wifi.")
Path = Annotated[str, typer.Argument(metavar="PATH")]


@noun.verb("list", "deskterm category list")
@reading
def list_(call: Call) -> None:
    """List the categories and how many tickets each holds."""
    columns = ("path", "group", "tickets")
    listed(call, lambda desk: desk.admin.categories(counted=True), columns)


@noun.verb("add", "deskterm category add network/switch --group 'second level'")
@changing
def add(
    call: Call,
    path: Path,
    group: Annotated[str | None, typer.Option(help="Its tickets go there first.")] = None,
) -> None:
    """Make a category, and those above it."""
    changed(
        call,
        lambda desk, how: desk.admin.set_category(path, group=group, **how),
        f"Category {path}",
    )


@noun.verb("set", "deskterm category set network/wifi --group 'second level'")
@changing
def set_(
    call: Call, path: Path, group: Annotated[str, typer.Option(help="Its tickets go there first.")]
) -> None:
    """Name the group that a category's tickets go to first."""
    changed(
        call,
        lambda desk, how: desk.admin.set_category(path, group=group, **how),
        f"Category {path}",
    )


@noun.verb("rename", "deskterm category rename printing print")
@changing
def rename(call: Call, path: Path, new: Annotated[str, typer.Argument(metavar="NEW")]) -> None:
    """Rename a category and what lies below it; tickets follow."""
    changed(
        call,
        lambda desk, how: desk.admin.rename_category(path, new, **how),
        f"{path} is now {new}",
    )


@noun.verb("remove", "deskterm category remove phone --yes")
@changing
def remove(call: Call, path: Path) -> None:
    """Retire a category that no open ticket is in."""
    sure(call, f"Retiring category {path}")
    changed(call, lambda desk, how: desk.admin.remove_category(path, **how), f"{path} is retired")


register(noun)
