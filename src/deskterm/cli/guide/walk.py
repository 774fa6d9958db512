"""Walking a guide on the command line: numbered prompts, or the answers of a script."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from deskterm.cli import output
from deskterm.cli.change import Call, asking, report
from deskterm.cli.errors import say
from deskterm.cli.guide.pages import run_page, run_record
from deskterm.domain.errors import DeskError, UsageError
from deskterm.guides.model import Ending
from deskterm.guides.view import RunView

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

_HELP = """\
A number or the words answer; Enter takes the usual answer. Besides:
/back takes the last answer back      /note TEXT keeps a note
/skip REASON leaves the question out  /run runs the command, after asking
/solved TEXT it is solved             /escalate TEXT hand it over now
/pause puts it aside (so does the end of input)"""
_MOST_ANSWERS = 500


class Walker:
    """One run on the command line."""

    def __init__(self, desk: "Desk", call: Call, group: str = "", problem: str = "") -> None:
        self.desk = desk
        self.call = call
        self.group = group
        self.problem = problem
        """Which problem an end in a problem joins; empty: a new one."""
        self.view: RunView
        self.ended = False

    def begin(self, name: str, ticket: int | None) -> None:
        """Start a run, or take up the one that was begun; `name` may be a run's number."""
        if name.isascii() and name.isdigit() and len(name) < 10:
            self.view = self.desk.runs.resume(int(name))
            return
        open_runs = [
            row
            for row in (self.desk.runs.open_runs(ticket, mine=True) if ticket else ())
            if row.slug == name.strip().casefold()
        ]
        if open_runs:
            say(f"Taking up run {open_runs[0].id}.")
            self.view = self.desk.runs.resume(open_runs[0].id)
        else:
            self.view = self.desk.runs.start(name, ticket, across=self.call.across_clients)

    def with_answers(self, given: list[str] | dict[str, str]) -> int:
        """Answer from a list in order, or from a mapping by node, fact or question."""
        replies = iter(given) if isinstance(given, list) else None
        for _ in range(_MOST_ANSWERS):
            if self.view.conclusion is not None:
                break
            reply = next(replies, None) if replies else self._named(given)
            if reply is None:
                break
            self.view = self.desk.runs.answer(self.view.id, reply)
        left = len(list(replies)) if replies else 0
        if self.view.conclusion is None:
            self.view = self.desk.runs.pause(self.view.id)
            say(f"Run {self.view.id} waits for an answer: {self.view.ask or self.view.do}")
        else:
            if left:
                say(f"{left} answers were not needed.")
            self._finish()
        if not self.call.dry_run:
            self._record()
        return 0

    def _named(self, given: Any) -> str | None:
        names = (self.view.node, self.view.fact, self.view.ask)
        return next((given[name] for name in names if name and name in given), None)

    def by_prompt(self) -> int:
        """Ask at the terminal until the run is over, paused or the input ends."""
        asking = not self.call.no_input
        while asking and not self.ended:
            for line in self._page():
                output.prose(line)
            sys.stdout.flush()
            line = sys.stdin.readline()
            asking = bool(line) and self._did(line.strip())
        if not self.ended:
            self.view = self.desk.runs.pause(self.view.id)
            say(f"Paused; `deskterm guide run {self.view.id}` goes on.")
        if output.chosen(self.call.output) in ("json", "jsonl"):
            self._record()
        return 0

    def _page(self) -> list[str]:
        end = self.view.conclusion
        if end is None:
            return [*run_page(self.view), "Your answer? (/help for more)"]
        if end.ending is Ending.SOLVED:
            lines = [f"Solved: {end.resolution or end.solution}"]
        elif end.ending is not Ending.ESCALATE:
            lines = [f"{end.ending.capitalize()}: {end.summary}", *self._fitting(end.ending)]
        else:
            group = self.group or end.group
            lines = [f"Escalate to {group}: {end.summary}", *(f"- {one}" for one in end.actions)]
        if end.say:
            lines.insert(0, f"Say: {end.say}")
        return [*lines, "Enter does it; /back goes back; /pause leaves it for later."]

    def _fitting(self, ending: Ending) -> list[str]:
        """Give the problems that the ticket may belong to."""
        ticket = self.view.ticket
        if ending is not Ending.PROBLEM or ticket is None:
            return []
        if self.problem:
            return [f"It joins {self.problem}."]
        found = self.desk.problems.fitting(ticket)
        return [f"It may be P{one.id} {one.title}: --problem P{one.id} joins it." for one in found]

    def _did(self, line: str) -> bool:
        """Do what was typed; False where the walk is left."""
        try:
            if line.startswith("/"):
                return self._command(line)
            if self.view.conclusion is not None:
                self._finish()
            else:
                reply = line or self._usual()
                self.view = self.desk.runs.answer(self.view.id, reply, self.view.version)
        except DeskError as error:
            say(str(error))
        return True

    def _usual(self) -> str:
        usual = [option.answer for option in self.view.options if option.usual]
        if not usual:
            raise UsageError("an answer is needed.")
        return usual[0]

    def _command(self, line: str) -> bool:
        word, _, text = line[1:].partition(" ")
        run, guides = self.view.id, self.desk.runs
        acts: dict[str, Callable[[], RunView]] = {
            "back": lambda: guides.back(run),
            "skip": lambda: guides.skip(run, text),
            "note": lambda: guides.note(run, text),
            "run": self._diagnose,
        }
        if word in acts:
            self.view = acts[word]()
        elif word in ("solved", "escalate"):
            self._finish(word, text)
        elif word == "pause":
            return False
        else:
            output.prose(_HELP)
        return True

    def _diagnose(self) -> RunView:
        if not self.view.command:
            raise UsageError(self.view.command_trouble or "this question has no command.")
        say(f"Run on this machine: {self.view.command} ? y or n")
        if not sys.stdin.readline().strip().lower().startswith("y"):
            return self.view
        view, said, place = self.desk.runs.diagnose(self.view.id, self.view.command)
        output.prose(said.text)
        if place is not None:
            say(f"That means: {place + 1}. {view.options[place].answer}")
        return view

    def _finish(self, ending: str | None = None, words: str = "") -> None:
        asked = asking(self.call)
        end = self.view.conclusion
        is_problem = end is not None and end.ending is Ending.PROBLEM
        to = self.problem if is_problem else self.group
        done = self.desk.runs.finish(self.view.id, ending, words, to, asked)
        self.ended = True
        if done.dry or done.repeated:
            self.desk.runs.discard(self.view.id)
        self.view = self.desk.runs.run(self.view.id)
        if done.dry and done.tickets:
            report(self.desk, done, self.call, single=True)
        else:
            for number in done.tickets:
                say(f"#{number}: {self.desk.tickets.show(number).state}.")
            if done.letters:
                say(f"{done.letters} letter(s) will be sent; `deskterm undo` takes it back.")

    def _record(self) -> None:
        if output.chosen(self.call.output) in ("json", "jsonl"):
            output.one(run_record(self.view), self.call.output)
        else:
            output.prose(self.desk.runs.transcript(self.view.id))
