"""Why a ticket stands where it stands, and call-backs, from every screen that shows tickets."""

from typing import TYPE_CHECKING

from deskterm.domain.verbs import CallBack, EndCall, MoveCall
from deskterm.screens.work import OnTickets, Order, Working
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.asking import Request
    from deskterm.domain.promised_rows import CallBackRow
    from deskterm.domain.standing import Standing
    from deskterm.screens.dialogs.verb import Targets


class Standings(Working):
    """Actions on a ticket's promises; the screen gives `targets`."""

    def targets(self) -> "Targets":
        """Give the tickets a verb acts on."""
        raise NotImplementedError

    def action_why(self) -> None:
        """Say why the ticket is where it is."""
        number = self.targets().ids[0]
        self.load(lambda desk: desk.tickets.why(number), self._show_standing, "why")

    def _show_standing(self, one: "Standing") -> None:
        from deskterm.domain.standing_words import standing_lines
        from deskterm.screens.dialogs.output import OutputDialog

        text = "\n".join(standing_lines(one, None))
        self.app.push_screen(OutputDialog(f"Why #{one.id} stands where it stands", text))

    # --- call-backs -----------------------------------------------------------------

    @property
    def limit(self) -> int:
        """More tickets than this want the number typed."""
        return int(self.desk_app.settings["confirm_over"])

    def action_call_back(self) -> None:
        """Promise a call-back, or say what became of the one that is promised."""
        targets = self.targets()
        if len(targets.ids) > 1:
            self._promise_call(targets)
            return
        number = targets.ids[0]

        def go_on(rows: "Sequence[CallBackRow]") -> None:
            open_ones = [row for row in rows if row.state == "open"]
            if open_ones:
                self._ask_what_became(targets, open_ones[0])
            else:
                self._promise_call(targets)

        self.load(lambda desk: desk.tickets.call_backs_of(number), go_on, "call-backs")

    def _ask_what_became(self, targets: "Targets", row: "CallBackRow") -> None:
        from deskterm.screens.dialogs.pick import PickDialog

        when = f"{row.at.astimezone():%a %d %b %H:%M}"
        picks = [
            Pick("done", "done", "the call was made"),
            Pick("move", "move", "to another time"),
            Pick("cancel", "cancel", "it is not wanted any more"),
            Pick("more", "another", "promise one more"),
        ]

        def chosen(what: str | None) -> None:
            if what == "done":
                self._call_order("Called back on", targets, EndCall())
            elif what == "cancel":
                self._call_order("No call-back on", targets, EndCall(made=False))
            elif what is not None:
                self._promise_call(targets, moves=what == "move")

        about = f"{row.requester} {row.phone}".strip()
        question = f"{when}, by {row.owner}: {about}\n{row.note}".strip()
        self.app.push_screen(PickDialog("Call-back promised", picks, question), chosen)

    def _promise_call(self, targets: "Targets", *, moves: bool = False) -> None:
        from deskterm.screens.dialogs.form import Field, ValuesForm

        fields = (
            Field("at", "When", hint="14:00, tomorrow, 3d", required="Say when: 14:00, 3d."),
            Field("note", "What about"),
        )

        def promised(values: dict[str, str] | None) -> None:
            if values:
                kind = MoveCall if moves else CallBack
                asked = kind(values["at"], values["note"])
                self._call_order("Call-back promised on", targets, asked)

        self.app.push_screen(ValuesForm("Call back", targets, self.limit, fields), promised)

    def _call_order(self, said: str, targets: "Targets", asked: "Request") -> None:
        order = Order(said, OnTickets(targets.ids, asked), targets.seen or None)
        self.desk_app.write(order)
