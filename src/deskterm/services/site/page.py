"""The pages of the site: every value escaped, nothing from outside, a policy that allows no more.

The only styles and scripts that may act are the ones below: the policy names their hashes, so that
a page works from `file://` and nothing in a solution can run.
"""

import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import NamedTuple, Protocol

from deskterm.domain.solutions import LABELS, SolutionRow
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Audience

FOLDER, OFFER = "solutions", "offer.html"
_SHOWN = 160
_SEARCHED = 4_000
"""Characters of one solution that the search looks through."""


class Site(NamedTuple):
    """What every page needs to know."""

    name: str
    mission: str
    audience: str
    announced: Sequence[tuple[str, str]] = ()
    """(what is announced, from when until when) of what its readers may know."""


STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --accent: #0b62a8; }
@media (prefers-color-scheme: dark) { :root { --accent: #7cc0ff; } }
* { box-sizing: border-box; }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 0 auto;
  padding: 1.5rem 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.6rem 0 .2rem; }
a { color: var(--accent); }
p, li { overflow-wrap: anywhere; }
.text { white-space: pre-line; margin: 0; }
.faint { opacity: .75; margin: .2rem 0; }
.tip { border-left: .25rem solid var(--accent); background: var(--soft); padding: .6rem .9rem; }
input { font: inherit; width: 100%; padding: .55rem .8rem; margin: 1rem 0 .2rem;
  border: 1px solid var(--line); border-radius: .4rem; background: transparent; color: inherit; }
dl { margin: .4rem 0; }
dl div { display: flex; gap: .6rem; flex-wrap: wrap; }
dt { opacity: .75; }
dd { margin: 0; overflow-wrap: anywhere; }
ul { list-style: none; padding: 0; margin: 0; }
li { padding: .8rem 0; border-top: 1px solid var(--line); }
li a { font-weight: 600; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .6rem; }
"""

SCRIPT = """
"use strict";
const entries = JSON.parse(document.getElementById("index").textContent);
const list = document.getElementById("list");
const items = Array.from(list.children);
const box = document.getElementById("search");
const said = document.getElementById("said");
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\\u0300-\\u036f]/g, "");
const titles = entries.map((entry) => fold(entry[0]));
const texts = entries.map((entry) => fold(entry[1]));
function score(words, at) {
  let sum = 0;
  for (const word of words) {
    const here = (titles[at].includes(word) ? 3 : 0) + (texts[at].includes(word) ? 1 : 0);
    if (here === 0) return 0;
    sum += here;
  }
  return sum;
}
function show() {
  const words = fold(box.value).split(/\\s+/).filter((word) => word !== "");
  const scored = items.map((item, at) => [words.length ? score(words, at) : 1, at, item]);
  scored.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  let found = 0;
  for (const [points, , item] of scored) {
    item.hidden = points === 0;
    found += points === 0 ? 0 : 1;
    list.appendChild(item);
  }
  said.textContent = words.length ? found + " of " + items.length : items.length + " in all";
}
box.hidden = false;
box.addEventListener("input", show);
show();
box.focus();
"""


def file_name(row: SolutionRow) -> str:
    """Give the page's path within the site: number and plain letters of the title."""
    plain = unicodedata.normalize("NFKD", row.title).encode("ascii", "ignore").decode("ascii")
    slug = re.sub("[^a-z0-9]+", "-", plain.lower()[:200]).strip("-")[:60].strip("-")
    return f"{FOLDER}/{row.id}-{slug}.html" if slug else f"{FOLDER}/{row.id}.html"


def index_page(site: Site, rows: Sequence[SolutionRow], *, offer: bool = False) -> str:
    """Give the page with the list and the search; `offer`: there is a page of the offer too."""
    more = f'<a href="{OFFER}">Offer</a> · ' if offer else ""
    items = "\n".join(_item(row) for row in rows)
    data = json.dumps([[_text(row.title), _searched(row)] for row in rows])
    safe = data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    body = f"""<h1>{_html(site.name)}</h1>
{_faint(site.mission)}{_for_whom(site)}{_announced(site)}
<input id="search" type="search" hidden placeholder="What is wrong?" aria-label="Search">
<p class="faint" id="said" aria-live="polite">{len(rows)} in all</p>
<ul id="list">
{items}
</ul>
<footer class="faint">{more}<a href="feed.xml">Feed</a></footer>
<script type="application/json" id="index">{safe}</script>
<script>{SCRIPT}</script>"""
    return _page(site.name, body, script=True, feed="feed.xml")


class Offered(Protocol):
    """One offer, in its customers' words."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def description(self) -> str:
        """What it is."""

    @property
    def facts(self) -> Sequence[tuple[str, str]]:
        """(what it is, in words): hours, channels, what is promised."""


def offer_page(site: Site, offers: Sequence[Offered]) -> str:
    """Give the page of all that is offered."""
    body = f"""<p class="faint"><a href="index.html">{_html(site.name)}</a></p>
<h1>{_html(site.name)}</h1>
{_faint(site.mission)}{_for_whom(site)}
{offer_body(offers)}"""
    return _page(site.name, body, script=False, feed="feed.xml")


def offer_body(offers: Sequence[Offered]) -> str:
    """Give what is offered as HTML, for the site and for the web face."""
    return "\n".join(_offer(one) for one in offers)


def _offer(one: Offered) -> str:
    facts = "".join(
        f'<div><dt>{_html(name)}</dt><dd dir="auto">{_html(text)}</dd></div>\n'
        for name, text in one.facts
    )
    said = f'<p class="text" dir="auto">{_html(one.description)}</p>\n' if one.description else ""
    return f'<section>\n<h2 dir="auto">{_html(one.name)}</h2>\n{said}<dl>{facts}</dl>\n</section>'


def solution_page(site: Site, row: SolutionRow) -> str:
    """Give the page of one solution."""
    parts = [solution_body(row)]
    if site.audience == Audience.TECHNICIANS:
        parts.append(_inside(row))
    body = f"""<p class="faint"><a href="../index.html">{_html(site.name)}</a></p>
<h1>{_html(row.title)}</h1>
{_faint(row.category or "")}{_for_whom(site)}
{"".join(parts)}<footer class="faint">S{row.id} · {row.updated_at:%Y-%m-%d}</footer>"""
    return _page(row.title, body, script=False, feed="../feed.xml")


NAMES: Mapping[str, str] = {
    **{name: LABELS[name] for name in ("symptoms", "environment")},
    "cause": "Cause",
    "helps": "What helps",
    "fixed_in": "Fixed in",
    "tip": "Tip",
}
"""What the parts of a solution are called."""


def solution_body(row: SolutionRow, names: Mapping[str, str] = NAMES) -> str:
    """Give a solution's words as HTML, for the site and for the web face."""
    parts = [_section(names[name], getattr(row, name)) for name in ("symptoms", "environment")]
    parts += [_section(names["cause"], row.cause), _section(names["helps"], row.resolution)]
    if row.fixed_in:
        parts.append(_section(names["fixed_in"], row.fixed_in))
    if row.tip:
        tip = escape(names["tip"])
        parts.append(f'<h2>{tip}</h2>\n<p class="text tip">{_html(row.tip)}</p>\n')
    return "".join(parts)


def _item(row: SolutionRow) -> str:
    said = _text(row.symptoms or row.resolution, one_line=True)
    short = said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"
    detail = " · ".join(part for part in (_text(row.category or ""), short) if part)
    return (
        f'<li><a href="{file_name(row)}">{_html(row.title)}</a>'
        f'<p class="faint">{escape(detail)}</p></li>'
    )


def _searched(row: SolutionRow) -> str:
    words = (row.category, row.symptoms, row.cause, row.environment, row.resolution, row.tip)
    return _text(f"S{row.id} " + " ".join(part or "" for part in words), one_line=True)[:_SEARCHED]


def _inside(row: SolutionRow) -> str:
    """What only technicians read: how far it is trusted, and whose it is."""
    tried = row.worked + row.failed
    facts = [f"{row.confidence}, for {row.audience}"]
    facts.append(f"worked {row.worked} of {tried}" if tried else "not tried yet")
    facts += [f"owner {row.owner}"] if row.owner else []
    facts += [f"from ticket #{row.source_ticket}"] if row.source_ticket else []
    return _section("At the desk", "\n".join(facts))


def _announced(site: Site) -> str:
    """What is announced stands above everything: it may be why somebody looks."""
    return "".join(
        f'<div class="tip" role="status"><p class="text">{_html(text)}</p>{_faint(when)}</div>\n'
        for text, when in site.announced
    )


def _section(title: str, text: str) -> str:
    if not text.strip():
        return ""
    return f'<h2>{escape(title)}</h2>\n<p class="text">{_html(text.strip())}</p>\n'


def _faint(text: str) -> str:
    return f'<p class="faint">{_html(text)}</p>\n' if text.strip() else ""


def _for_whom(site: Site) -> str:
    if site.audience == Audience.PUBLIC:
        return ""
    who = "technicians" if site.audience == Audience.TECHNICIANS else "this organisation"
    return f'<p class="faint">Only for {who}.</p>'


def _page(title: str, body: str, *, script: bool, feed: str) -> str:
    allowed = f"; script-src '{_hash(SCRIPT)}'" if script else ""
    policy = (
        f"default-src 'none'; style-src '{_hash(STYLE)}'{allowed}; base-uri 'none'; "
        "form-action 'none'"
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_html(title)}</title>
<link rel="alternate" type="application/atom+xml" href="{feed}" title="Feed">
<style>{STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode("ascii")


def _text(text: str, one_line: bool = False) -> str:
    """Give text that nothing can act on, and that XML can hold."""
    return clean(text, one_line=one_line).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def _html(text: str) -> str:
    return escape(_text(text))
