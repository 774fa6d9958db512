"""Who follows a change of a ticket: in this order, each entry of each held ticket.

A follower gets the entry as told and gives the derived columns to store with it. What it must do
once, before the commit, it notes in a state of its own on the unit of work (`work.State`).
"""

from deskterm.storage.ticket import clocks, course, impact, news, parts, problems, results, words

FOLLOWERS = (
    *(clocks.follow, results.follow, news.follow, impact.follow),
    *(words.follow, course.follow, problems.follow, parts.follow),
)
