"""The means of every day by key: canned texts, own verbs, macros, checklists (C8)."""

from typing import TYPE_CHECKING

from deskterm.domain.checklists import DONE, OPEN, PutList, Tick
from deskterm.domain.columns import key_words
from deskterm.domain.means import MARK, REPLY
from deskterm.domain.text import clean
from deskterm.screens.action import Named
from deskterm.screens.dialogs.ask import PickDialog
from deskterm.screens.flows.asking import limit
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick
from deskterm.widgets.value_words import value_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deskterm.domain.asking import How, Request
    from deskterm.domain.checklists import Item
    from deskterm.domain.means import Canned, MacroPreview, MacroRow, Outcome, OwnVerb, VerbRow
    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.flows.owner import KeyOwner, Owner, TicketOwner
    from deskterm.widgets.typed import WordsArea

_LONGEST = 120


def pick(
    owner: "Owner",
    area: "WordsArea",
    found: "Sequence[Canned]",
    others: "Sequence[Pick]" = (),
    take: "Callable[[str], None] | None" = None,
) -> None:
    """Offer the texts after the other picks; a text goes into the area, of others tells `take`."""
    texts = {f"{MARK}{one.short}": one for one in found}
    picks = [
        *others,
        *(
            Pick(name, name, clean(one.words, one_line=True)[:_LONGEST])
            for name, one in texts.items()
        ),
    ]
    if not picks:
        owner.desk_app.say("Nothing fits yet: s searches solutions, `deskterm text add` makes one.")
        return

    def chosen(value: str | None) -> None:
        if value in texts:
            area.put_in(texts[value])
            area.focus()
        elif value and take is not None:
            take(value)

    owner.app.push_screen(PickDialog("Put in", picks), chosen)


_WORDS_SHOWN = 1_200


def own_verb(owner: "TicketOwner") -> None:
    """Ask which verb, and show what would run."""
    number = owner.targets().ids[0]

    def offer(found: "list[VerbRow]") -> None:
        if not found:
            owner.desk_app.say("There is no own verb yet: `deskterm verb add`, or F3.")
            return
        picks = [Pick(one.name, f"{one.name} → {one.gives}", one.about) for one in found]
        owner.app.push_screen(
            PickDialog(f"Own verb: #{number}", picks),
            lambda name: ask_first(owner, number, name) if name else None,
        )

    look_up(owner, lambda desk: desk.means.verbs.list(), offer, "verbs")


def ask_first(owner: "TicketOwner", number: int, name: str) -> None:
    """Show the command; run it when somebody agrees."""
    from deskterm.screens.dialogs.ask import AskDialog

    def show(verb: "OwnVerb") -> None:
        question = f"Run this here, with #{number} as JSON?\n\n$ {verb.shown}"

        def agreed(yes: bool | None) -> None:
            if yes:
                _run_verb(owner, number, verb)

        owner.app.push_screen(AskDialog(f"Own verb: {name}", question), agreed)

    look_up(
        owner, lambda desk: desk.means.verbs.ready(name), show, "verb", owner.desk_app.say_error
    )


def _run_verb(owner: "TicketOwner", number: int, verb: "OwnVerb") -> None:
    owner.desk_app.say(f"{verb.row.name} is running …")
    name = verb.row.name
    owner.load(
        lambda desk: desk.means.verbs.run(name, number),
        lambda outcome: _look(owner, outcome),
        "verb",
        owner.desk_app.say_error,
    )


def _look(owner: "TicketOwner", outcome: "Outcome") -> None:
    """Show what was said; Enter takes it as what the verb is for."""
    from deskterm.screens.dialogs.ask import AskDialog

    kind = "the draft of your answer; nothing is sent" if outcome.row.gives == REPLY else ""
    kind = kind or ("these values" if outcome.request else "an internal note")
    words = outcome.said[:_WORDS_SHOWN] + ("\n…" if len(outcome.said) > _WORDS_SHOWN else "")

    def agreed(yes: bool | None) -> None:
        if yes:
            _take_words(owner, outcome)

    owner.app.push_screen(AskDialog(f"Take it as {kind}?", words), agreed)


def _take_words(owner: "TicketOwner", outcome: "Outcome") -> None:
    def drafted(done: "Done | None") -> None:
        del done
        owner.desk_app.say("Kept as a draft: r shows it, ^s sends it.")
        owner.desk_app.desk_changed()

    if outcome.row.gives == REPLY:
        owner.keep(lambda desk: desk.means.verbs.take(outcome), drafted, owner.desk_app.say_error)
        return

    def do(desk: "Desk", how: "How") -> "Done":
        done = desk.means.verbs.take(outcome, how)
        assert done is not None, "only a draft gives nothing"
        return done

    owner.desk_app.write(Order(f"{outcome.row.name}:", do, None, owner.written))


_CHANGES = 14
"""So many changes are shown before it runs."""


def macro(owner: "TicketOwner") -> None:
    """Ask which macro, show what it would do, and do it when somebody agrees."""
    targets = owner.targets()

    def offer(found: "list[MacroRow]") -> None:
        if not found:
            owner.desk_app.say("There is no macro yet: `deskterm macro add`, or F3.")
            return
        picks = [
            Pick(one.name, f"{one.name} {one.key and f'({one.key})'}".strip(), one.about)
            for one in found
        ]
        owner.app.push_screen(
            PickDialog(f"Macro: {targets.title}", picks),
            lambda name: show_first(owner, targets, name) if name else None,
        )

    look_up(owner, lambda desk: desk.means.macros.list(), offer, "macros")


def by_key(owner: "KeyOwner") -> None:
    """Run the macro or own verb of a key that no action has; where none has it: nothing."""

    key = owner.pressed

    def find(desk: "Desk") -> "tuple[MacroRow | None, VerbRow | None]":
        verbs = (one for one in desk.means.verbs.list() if one.key == key)
        return desk.means.macros.by_key(key), next(verbs, None)

    def found(named: "tuple[MacroRow | None, VerbRow | None]") -> None:
        macro_, verb = named
        targets = owner.targets()
        if macro_ is not None and targets.ids:
            show_first(owner, targets, macro_.name)
        elif verb is not None and targets.ids:
            ask_first(owner, targets.ids[0], verb.name)

    look_up(owner, find, found, "macros")


def show_first(owner: "TicketOwner", targets: "Targets", name: str) -> None:
    """Show the steps of a macro and what they would change; Enter does it."""
    from deskterm.screens.dialogs.ask import CountedDialog

    def show(preview: "MacroPreview") -> None:
        def agreed(yes: bool | None) -> None:
            if yes:
                _run_macro(owner, targets, preview.name)

        many = len(targets.ids)
        dialog = CountedDialog(f"{name}: {targets.title}", _previewed(preview), many, limit(owner))
        owner.app.push_screen(dialog, agreed)

    look_up(
        owner,
        lambda desk: desk.means.macros.preview(targets.ids, name),
        show,
        "macro",
        owner.desk_app.say_error,
    )


def _run_macro(owner: "TicketOwner", targets: "Targets", name: str) -> None:
    def after(done: "Done") -> None:
        owner.written(done)

    ids = targets.ids
    owner.desk_app.write(
        Order(
            f"Did {name} to",
            lambda desk, how: desk.means.macros.do(ids, name, how),
            targets.seen or None,
            after,
        )
    )


def _previewed(preview: "MacroPreview") -> str:
    done = preview.done
    letters = f"{done.letters} letter(s)" if done.letters else "no letter"
    lines = [f"{len(done.tickets)} ticket(s) · {letters} · u undoes all of it"]
    lines += [f"Left out: {sentence}" for _, sentence, _ in done.failed[:5]]
    lines += ["", *(f"  {step}" for step in preview.steps), ""]
    changes = [one for one in done.changes if one.field]
    for one in changes[:_CHANGES]:
        pair = f"{value_words(one.before)[:24]} → {value_words(one.after)[:40]}"
        lines.append(clean(f"#{one.ticket_id}  {key_words(one.field)}  {pair}", one_line=True))
    if len(changes) > _CHANGES:
        lines.append(f"… {len(changes)} changes in all")
    return "\n".join(lines)


_LIST = "list:"
_MORE = "item:"


def checklist(owner: "TicketOwner") -> None:
    """Show the items; Enter ticks one, and they are shown again until Esc."""
    number = owner.targets().ids[0]

    def offer(found: "tuple[Sequence[Item], Sequence[str]]") -> None:
        _offer_items(owner, number, *found)

    def ask(desk: "Desk") -> "tuple[Sequence[Item], Sequence[str]]":
        return desk.means.checklists.of(number), desk.means.checklists.names()

    look_up(owner, ask, offer, "items")


def _offer_items(
    owner: "TicketOwner", number: int, items: "Sequence[Item]", names: "Sequence[str]"
) -> None:
    on_it = {one.checklist for one in items}
    picks = [Pick(str(one.number), one.line) for one in items]
    picks += [Pick(_LIST + name, f"+ {name}", "a checklist") for name in names if name not in on_it]
    picks.append(Pick(_MORE, "+ an item of its own", "for this ticket alone"))
    done = sum(one.done_by is not None for one in items)

    def chosen(value: str | None) -> None:
        if value == _MORE:
            _ask_item(owner, number)
        elif value and value.startswith(_LIST):
            _write_item(owner, number, "Put items on", PutList(value.removeprefix(_LIST)))
        elif value:
            one = next(one for one in items if str(one.number) == value)
            status = OPEN if one.done_by else DONE
            _write_item(owner, number, "Ticked on", Tick(one.number, status))

    title = f"#{number}: {done} of {len(items)} done" if items else f"#{number}: nothing listed yet"
    owner.app.push_screen(PickDialog(title, picks), chosen)


def _ask_item(owner: "TicketOwner", number: int) -> None:
    from deskterm.screens.dialogs.ask import NameDialog

    def said(text: str | None) -> None:
        if text:
            _write_item(owner, number, "Put an item on", PutList(items=(text,)))

    owner.app.push_screen(NameDialog(f"#{number}: one more item", "What is to be done?"), said)


def _write_item(owner: "TicketOwner", number: int, said: str, asked: "Request") -> None:
    def after(done: "Done") -> None:
        owner.written(done)
        checklist(owner)

    owner.desk_app.write(Order(said, OnTickets((number,), asked), None, after))


def put_list(owner: "TicketOwner", name: str) -> None:
    """Put a checklist of that name on the tickets in hand."""
    ids = owner.targets().ids
    owner.desk_app.write(Order("Put items on", OnTickets(ids, PutList(name)), None, owner.written))


def macro_named(owner: "TicketOwner", name: str) -> None:
    """Show what a macro would do to the tickets in hand."""
    show_first(owner, owner.targets(), name)


def verb_named(owner: "TicketOwner", name: str) -> None:
    """Show what an own verb would run on the ticket in hand."""
    ask_first(owner, owner.targets().ids[0], name)


NAMED: "Mapping[str, Named]" = {
    "macro": Named("macro", macro_named),
    "verb": Named("own_verb", verb_named),
    "checklist": Named("checklist", put_list),
}
"""What the desk gave names to → what such a name does where tickets are in hand."""
FLOWS: "Mapping[str, Flow]" = {"macro": macro, "own_verb": own_verb, "checklist": checklist}
"""Action → what it does."""
