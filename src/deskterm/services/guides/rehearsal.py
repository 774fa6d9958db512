"""Walking a guide that is kept nowhere: same answers, same endings, no row and no ticket."""

from collections.abc import Callable
from typing import NoReturn

from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.domain.rows import Done
from deskterm.guides import walk
from deskterm.guides.graph import Library
from deskterm.guides.model import Guide
from deskterm.guides.run import Run, Stamp
from deskterm.guides.stand import stand
from deskterm.guides.transcript import Conclusion, conclusion_of, transcript
from deskterm.guides.view import RunHead, RunView, view


class Rehearsal:
    """What a guide screen asks of `desk.runs`, for one run in memory."""

    def __init__(self, guide: Guide, library: Library, me: str) -> None:
        self._library = library
        self._me = me
        self._begun = clock.now()
        self._version = 1
        self._run = walk.begin(guide, library, {}, self._stamp())
        stand(self._run, library)

    def start(self, slug: str, ticket: int | None = None) -> RunView:
        """Give the run; it was begun with the text."""
        del slug, ticket
        return self.run(0)

    def run(self, number: int) -> RunView:
        """Give where it stands."""
        del number
        head = RunHead(0, self._version, None, self._me, self._run.status, self._begun)
        return view(head, self._run, self._library, {})

    def resume(self, number: int) -> RunView:
        """Give where it stands: it is never paused."""
        return self.run(number)

    def answer(self, number: int, reply: str, seen: int | None = None) -> RunView:
        """Answer the question asked now."""
        del number, seen
        return self._act(lambda run, stamp: walk.answer(run, self._library, reply, stamp))

    def back(self, number: int, seen: int | None = None) -> RunView:
        """Take the last answer back."""
        del number, seen
        return self._act(walk.back)

    def edit(self, number: int, place: int, reply: str, seen: int | None = None) -> RunView:
        """Change an earlier answer."""
        del number, seen
        return self._act(lambda run, stamp: walk.edit(run, self._library, place, reply, stamp))

    def skip(self, number: int, reason: str, seen: int | None = None) -> RunView:
        """Leave the question out."""
        del number, seen
        return self._act(lambda run, stamp: walk.skip(run, self._library, reason, stamp))

    def note(self, number: int, text: str, seen: int | None = None) -> RunView:
        """Keep a note, for as long as the rehearsal lasts."""
        del number, seen
        return self._act(lambda run, stamp: walk.note(run, self._library, text, stamp))

    def transcript(self, number: int) -> str:
        """Give the whole run as text."""
        del number
        return transcript(self._run, self._library)

    def conclude(self, number: int, ending: str | None = None, words: str = "") -> Conclusion:
        """Give how it would end."""
        del number
        return conclusion_of(stand(self._run, self._library), ending, words)

    def pause(self, number: int) -> RunView:
        """Give where it stands: nothing is put aside."""
        return self.run(number)

    def finish(
        self, number: int, *, ending: str | None = None, words: str = "", group: str = ""
    ) -> Done:
        """End it; nothing is changed."""
        del number, ending, words, group
        return Done("", "guide", ())

    def abandon(self, number: int, reason: str) -> Done:
        """Leave it; nothing is changed."""
        del number, reason
        return Done("", "guide", ())

    def hand_over(self, number: int, to: str) -> RunView:
        """Refuse: a text that is only tried cannot be handed over."""
        del number, to
        raise RefusedError("this text is only tried: save it before somebody else walks it.")

    def diagnose(self, number: int, consent: str) -> NoReturn:
        """Refuse: commands run where their output can be kept."""
        del number, consent
        raise RefusedError("commands are not run while a text is tried: save it, then walk it.")

    def _act(self, act: Callable[[Run, Stamp], Run]) -> RunView:
        self._run = act(self._run, self._stamp())
        self._version += 1
        return self.run(0)

    def _stamp(self) -> Stamp:
        return Stamp(self._me, clock.now())
