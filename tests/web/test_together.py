"""Forms sent at the same moment: one commit, each its own; what is wrong with one is its own."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from deskterm.bootstrap import Desk
from deskterm.domain.errors import UsageError
from deskterm.domain.web_rows import Report, Visitor
from tests.builders import count
from tests.web.pages import web


def test_many_at_once_are_all_there_once_and_a_wrong_one_hurts_no_other(desk: Desk) -> None:
    face, again = web(desk), str(uuid4())
    wrong = [at for at in range(80) if at % 7 == 3 and at % 10]

    def send(at: int) -> int:
        twice = at % 10 == 0
        who = "no address" if at in wrong else "ada@example.org" if twice else f"p{at}@example.org"
        words = "the same" if twice else f"trouble {at}"
        try:
            asked = Report(Visitor(), words, who=who)
            return face.report(asked, again if twice else str(uuid4())).number
        except UsageError:
            return 0

    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(send, range(80)))
    assert [at for at, one in enumerate(numbers) if not one] == wrong
    right = [one for one in numbers if one]
    same = {one for at, one in enumerate(numbers) if at % 10 == 0 and one}
    assert len(same) == 1
    assert sorted(set(right)) == list(range(1, len(set(right)) + 1))  # numbers without gaps
    assert count(desk, "ticket") == len(set(right))
