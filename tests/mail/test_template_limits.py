"""No template eats the desk's memory or time: each bomb is refused with a sentence (D13)."""

import tracemalloc
from dataclasses import replace

import pytest

from deskterm.domain.errors import UsageError
from deskterm.mail.public import PublicWords
from deskterm.mail.render import render
from deskterm.mail.samples import SAMPLE_FACE, sample
from deskterm.mail.template_check import check_template
from deskterm.mail.templates import PAGE

DOUBLED = "{% set a = 'aaaa' %}" + "{% set a = a ~ a %}" * 40
BOMBS = (
    '{{ "a" * 1000000000 }}',
    '{{ 1000000000 * "a" }}',
    "{{ [1] * 1000000000 }}",
    "{{ ([1] * 100000)|join('x' * 10000) }}",
    '{{ "%1000000000d"|format(1) }}',
    '{{ "%1000000000d" % 1 }}',
    '{{ "%*d" % (1000000000, 1) }}',
    '{{ "{:1000000000d}".format(1) }}',
    '{{ "{:>1000000000}".format("a") }}',
    '{{ "a"|center(10**9) }}',
    '{{ "a"|center(1000000000) }}',
    '{{ "a".center(1000000000) }}',
    '{{ "a".ljust(1000000000) }}',
    '{{ "1".zfill(1000000000) }}',
    '{{ "\\t".expandtabs(1000000000) }}',
    '{{ "a"|indent(1000000000, true) }}',
    '{{ ("a" * 99999)|replace("a", "b" * 99999) }}',
    '{{ ("a" * 99999)|replace("", "b" * 99999) }}',
    '{{ ["center"]|map("center", 1000000000)|list }}',
    "{% filter center(1000000000) %}a{% endfilter %}",
    '{{ "a"|wordwrap(1, false, "b" * 99999) }}',
    "{{ 1.5|round(1000000000) }}",
    "{{ [1]|batch(1000000000, 'a')|list }}",
    "{{ [1]|slice(1000000000)|list }}",
    "{{ [1]|tojson(indent=1000000000) }}",
    "{{ 9 ** 9 ** 9 ** 9 }}",
    "{{ (9 ** 50) ** 50 }}",
    "{% for i in range(1000000000) %}a{% endfor %}",
    "{% for a in said * 50 %}{% for b in said * 50 %}{% for c in said * 50 %}"
    "{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in 'x' * 90000 %}" + "long text " * 50 + "{% endfor %}",
    DOUBLED + "{{ a }}",
    DOUBLED.replace("a ~ a", "a + a") + "{{ a|length }}",
    DOUBLED.replace("a ~ a", "[a, a]") + "{{ a }}",
    DOUBLED.replace("a ~ a", "[a, a]") + "{{ a|string }}",
    "{% set a = 'aaaa' %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40,
    "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "{% for a in [[1]] recursive %}{{ loop(a) }}{% endfor %}",
    "{% for a in [1] %}{{ loop([1]) }}{% endfor %}",
    "{% include 'opened' %}",
    "{{ lipsum(1000000) }}",
    "{% for a in [1] %}" * 30 + "{% endfor %}" * 30,
    "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "x" * 200_000,
)


@pytest.mark.parametrize("bomb", BOMBS, ids=range(len(BOMBS)))
@pytest.mark.parametrize("name", ["closed", PAGE])
def test_a_bomb_is_refused_with_a_sentence_before_it_takes_memory(name: str, bomb: str) -> None:
    text = f"Subject: x\n{bomb}" if name != PAGE else f"{{{{ content }}}}\n{bomb}"
    tracemalloc.start()
    try:
        with pytest.raises(UsageError, match=f"letter {name}.*: .{{10,}}"):
            check_template(name, text)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_a_bomb_that_is_stored_gives_way_to_our_own_words() -> None:
    edited = {"closed": 'Subject: x\n{{ "a" * 1000000000 }}'}
    assert render(sample("closed"), SAMPLE_FACE, edited) == render(
        sample("closed"), SAMPLE_FACE, {}
    )


def test_a_long_answer_is_no_bomb() -> None:
    letter = sample("reply")
    said = "A line of a log, <b> & more.\n" * 40_000
    part = replace(letter.parts[0], words=(PublicWords("Cy", said),))
    assert "A line of a log" in render(replace(letter, parts=(part,)), SAMPLE_FACE, {}).text


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ number + 1 }} {{ 2 * 3 }} {{ '-' * 5 }} {{ 7 % 4 }}", "1043 6 ----- 3"),
        ("{{ '%s: %05d' % (desk, 7) }} {{ '%-8s|'|format('a') }}", "IT help desk: 00007 a       |"),
        ("{{ words|map(attribute='who')|join(', ') }}", "Cy Field"),
        ("{% for one in words %}{{ loop.index }}/{{ loop.length }}{% endfor %}", "1/1"),
        ("{{ desk ~ '/' ~ number }} {{ desk.upper() }}", "IT help desk/1042 IT HELP DESK"),
        ("{% set a %}{{ desk }}!{% endset %}{{ a }} {{ 'x'|center(5) }}|", "IT help desk!   x  |"),
        ("{{ reason|replace('Monday', 'Tuesday')|truncate(25) }}", "The new cable comes..."),
        ("{{ nothing|default('none') }} {{ [3, 1]|sort|first }}", "none 1"),
    ],
)
def test_what_letters_need_still_works(template: str, shown: str) -> None:
    words = f"Subject: x\n{template}"
    check_template("closed", words)
    assert shown in render(sample("closed"), SAMPLE_FACE, {"closed": words}).text
