"""How a run ends on its ticket, and the commands that were run on the way."""

import os
import shutil
import subprocess
from dataclasses import dataclass

from deskterm.domain.asking import NOW, How, Request
from deskterm.domain.errors import ConflictError, RefusedError, UsageError
from deskterm.domain.rows import Done
from deskterm.domain.text import storable
from deskterm.domain.verbs import Escalate, Join, Solve
from deskterm.domain.vocabulary import Event, Step
from deskterm.guides import walk
from deskterm.guides.command import argument_list, meaning, shown
from deskterm.guides.model import STATUS, Ending
from deskterm.guides.run import Run
from deskterm.guides.stand import stand
from deskterm.guides.transcript import Conclusion, conclusion_of, transcript
from deskterm.guides.usage import stints
from deskterm.guides.view import RunView
from deskterm.services.child import end, listen, plain
from deskterm.services.crossing import owned
from deskterm.services.guides.kept import entry_data, loaded, with_group
from deskterm.services.guides.walks import Walks
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.steps import mark
from deskterm.services.tickets.verbs.times import count_run
from deskterm.storage import problems, runs
from deskterm.storage.ticket.hold import Hold

MOST_OUTPUT = 16_000
"""Bytes kept of what a command says; it is ended when it says more."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a command said."""

    command: str
    exit_code: int | None
    """None where it was ended because its time was over, or it said too much."""
    output: str
    trouble: str = ""

    @property
    def text(self) -> str:
        """Give it as the ticket keeps it."""
        ended = f"exit {self.exit_code}" if self.exit_code is not None else self.trouble
        return f"$ {self.command}\n{self.output.rstrip()}\n({ended})"


def run(argv: list[str], command: str, timeout: int) -> Diagnosis:
    """Run the command without a shell; raises RefusedError where the program is missing.

    It gets no input, none of deskterm's or the database's settings, and its own process group.
    """
    program = shutil.which(argv[0])
    if program is None:
        raise RefusedError(f"{argv[0]} is not installed on this machine: the command was not run.")
    try:
        process = subprocess.Popen(
            [program, *argv[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=plain(os.environ),
            start_new_session=True,
        )
    except OSError as error:
        raise RefusedError(f"{argv[0]} could not be run: {error.strerror}.") from None
    with process:
        output, trouble = listen(process, timeout, MOST_OUTPUT)
        if trouble:
            end(process)
        code = process.wait()
    said = storable(output.decode("utf-8", "replace"))
    return Diagnosis(command, None if trouble else code, said, trouble)


_LONGEST_TITLE = 200


class Runs(Walks):
    """Runs of guides, with their ends and the commands they ask for."""

    def conclude(self, number: int, ending: str | None = None, words: str = "") -> Conclusion:
        """Give the texts with which `finish` would end the run; nothing is changed.

        Without `ending` the guide must have come to its end; with `solved` or `escalate` it is
        ended early, in the technician's words or in those of the answers so far.
        """
        with self.store.reading() as database:
            state = loaded(self.kept.row(database, number))
        position = stand(state, self.kept.library(state))
        walk.alive(state)
        end = conclusion_of(position, ending, words)
        with self.store.reading() as database:
            return with_group(database, end)

    def finish(
        self,
        number: int,
        ending: str | None = None,
        words: str = "",
        group: str = "",
        how: How = NOW,
    ) -> Done:
        """End a run: as its guide says, with the summary already written.

        The ticket is solved, escalated, put under a problem, or times for a visit are offered.

        Transcript, steps, state of the ticket, letters and the run are one operation; undoing it
        opens the run again. `group` takes the place of the one the guide names; where it ends in a
        problem `P7` joins that one, and without it a new one is made.
        """
        end = self.conclude(number, ending, words)
        row, state = self._mine(number, None)
        row = row._replace(leaf=end.leaf(row.slug))
        ended = walk.end(state, STATUS[end.ending], end.node, self._stamp())
        if row.ticket_id is None:
            if not how.dry:
                self._saved(row, ended)
            return Done("", "guide", (), dry=how.dry)
        text = self._transcript(ended)
        wanted = group or end.group

        def change(held: Hold, act: Act) -> None:
            held.put(f"run.{row.id}", [ended.status, row.owner])
            data = entry_data(row, ended.status) | {"node": end.node}
            count_run(held, act, row.id, stints(ended))
            act.write(held, Event.GUIDE, text, data=data)
            self.kept.save(held.work.spine, row._replace(version=row.version + 1), ended)
            _conclude(held, end, wanted, act)

        if end.ending is Ending.ESCALATE and not wanted:
            raise UsageError("escalate to which group? Name it (--group).")
        return self.tickets.operate("guide", [row.ticket_id], change, how)

    def abandon(self, number: int, reason: str, how: How = NOW) -> Done:
        """End a run without a result; the ticket says why."""
        if not reason.strip():
            raise UsageError("leaving a guide for good needs a reason (--reason).")
        row, state = self._mine(number, None)
        ended = walk.end(state, "abandoned", reason, self._stamp())
        if row.ticket_id is None:
            self._saved(row, ended)
            return Done("", "guide", ())
        text = f"{self._transcript(ended)}\nAbandoned: {reason}"

        def change(held: Hold, act: Act) -> None:
            held.put(f"run.{row.id}", [ended.status, row.owner])
            count_run(held, act, row.id, stints(ended))
            act.write(held, Event.GUIDE, text, data=entry_data(row, ended.status))
            self.kept.save(held.work.spine, row._replace(version=row.version + 1), ended)

        return self.tickets.operate("guide", [row.ticket_id], change, how)

    def discard(self, number: int) -> None:
        """Forget a run that was only a trial; the ticket is not told."""
        row, state = self._mine(number, None)
        if not state.ended:
            self._saved(row, walk.end(state, "abandoned", "trial", self._stamp()))

    def _transcript(self, state: Run) -> str:
        return transcript(state, self.kept.library(state))

    def diagnose(self, number: int, consent: str) -> tuple[RunView, Diagnosis, int | None]:
        """Run the diagnostic command of the question asked now; its output stays on the ticket.

        `consent` is the command as it was shown and agreed to. Gives the run, what the command
        said, and the place of the answer that it means, which a person still has to give.
        """
        row, state = self._mine(number, None)
        library = self.kept.library(state)
        position = stand(state, library)
        check = position.node.check
        if check is None:
            raise RefusedError("this question has no command.")
        argv = argument_list(check, position.values)
        if shown(argv) != consent:
            raise ConflictError(f"the command is now {shown(argv)}: look at it again.")
        said = run(argv, consent, check.timeout)
        kept = walk.checked(state, library, said.text, self._stamp())
        if row.ticket_id is None or not self._ticket_takes(row.ticket_id):
            after = self._saved(row, kept)
        else:

            def change(held: Hold, act: Act) -> None:
                self.kept.save(held.work.spine, row, kept)
                act.write(held, Event.GUIDE, said.text, data=entry_data(row, "checked"))

            self.tickets.operate("guide", [row.ticket_id], change)
            after = self.run(number)
        answer = meaning(check, said.exit_code)
        places = [place for place, option in enumerate(after.options) if option.answer == answer]
        return after, said, places[0] if places else None


def _conclude(held: Hold, end: Conclusion, wanted: str, act: Act) -> None:
    """Do on the ticket what the end of a run says."""
    if end.ending is Ending.PROBLEM:
        act.do(held, Join(_problem(held, end, wanted)))
    elif end.ending is Ending.VISIT:
        from deskterm.domain.visits import OfferVisit

        act.write(held, Event.NOTED, end.summary)
        act.do(held, OfferVisit())
    else:
        act.do(held, _request(held, end, wanted))


def _problem(held: Hold, end: Conclusion, wanted: str) -> int:
    """Give the problem that is joined, or a new one of the guide's words."""
    if wanted:
        from deskterm.domain.problems import number_of

        return problems.locked(held.work, number_of(wanted)).number
    first, _, _ = end.summary.strip().partition("\n")
    facts = {"title": first[:_LONGEST_TITLE], "reproduction": end.summary.strip()}
    return problems.create(held.work, owned(held.work, facts, [held.id]))


def _request(held: Hold, end: Conclusion, group: str) -> Request:
    """Give what the end of a run asks for on its ticket; what it proposed is selected."""
    if end.ending is not Ending.SOLVED:
        return Escalate(group, _summary(end), tuple(end.actions))
    mark(held, Step.PROPOSE)
    mark(held, Step.SELECT)
    solution = runs.solution_named(held.work.spine, end.solution) if end.solution else None
    return Solve(end.resolution or end.solution, solution)


def _summary(end: Conclusion) -> str:
    """Give the summary; it says whom the guide meant where the desk has no such group."""
    return f"{end.summary}\n(The guide meant this for: {end.meant}.)" if end.meant else end.summary
