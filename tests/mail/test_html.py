"""HTML to text: what a person would see, in bounded time, hostile or not."""

import pytest

from deskterm.mail.html import CUT, html_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<script>x</script>visible", "visible"),
        ("<style>*{}</style>visible", "visible"),
        ("<!--[if gte mso 9]>x<![endif]-->visible", "visible"),
        ("<scr<script>ipt>x", "ipt>x"),
        ("<p style='DISPLAY : none'>secret</p>visible", "visible"),
        ("<p hidden>secret</p>visible", "visible"),
        ("<span style='font-size:0px'>secret</span>visible", "visible"),
        ("<p style='max-height: 0; overflow: hidden'>preview</p>visible", "visible"),
        ("<p style='overflow:hidden;color:red;height:0px'>preview</p>visible", "visible"),
        ("<p style='opacity:0.9;max-height:0.5em'>seen</p>", "seen"),
        ("<span style='font-size:0.9em'>small</span>", "small"),
        ("&lt;b&gt; &amp;amp; &#x41;", "<b> &amp; A"),
        ("&#x1b;[31mred", "\x1b[31mred"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("a <b> bold </b> word", "a bold word"),
        ("<ul><li>one<li>two</ul><ol start=3><li>c<li>d</ol>", "- one\n- two\n\n3. c\n4. d"),
        ("<table><tr><td>Name<td><p>Ada</p></table>", "Name | Ada"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a | b\nc | d"),
        ("<blockquote>said</blockquote>answer", "> said\nanswer"),
        ("<pre>  a\n   b</pre>", "  a\n   b"),
        ("<a href='https://x.test/y'>the page</a>", "the page <https://x.test/y>"),
        ("<a href='https://x.test/'>x.test</a>", "x.test"),
        ("<a href='javascript:alert(1)'>click</a>", "click"),
        ("<a href='file:///etc/passwd'>click</a>", "click"),
        ("<img alt='a printer' src=x>", "a printer"),
        ("", ""),
        ("just text", "just text"),
    ],
)
def test_a_person_s_view_of_html(html: str, text: str) -> None:
    assert html_text(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "end",
        "<div></x>" * 50_000 + "end",
        "<p>" * 50_000 + "end",
        "<a " + " ".join(f"a{number}=1" for number in range(10_000)) + ">end",
        "<a " + "/".join(f"a{number}" for number in range(10_000)) + ">end",
        "<!--" * 10_000 + "-->end",
        "<" * 50_000 + "\nend",
        "&" * 50_000 + " end",
        "<table><tr><td>" * 4_000 + "end",
        "<img src='data:image/png;base64," + "A/=" * 300_000 + "'>end",
    ],
    ids=lambda html: html[:12],
)
def test_html_built_to_be_slow_still_gives_its_text(html: str) -> None:
    assert html_text(html).endswith("end")


def test_more_text_than_a_person_reads_is_cut_and_says_so() -> None:
    text = html_text("<p>word " * 10_000 + "x" * 2_000_000)
    assert text.endswith(CUT)
    assert len(text) < 1_100_000


def test_scripts_of_documents_too_deep_for_a_tree_are_dropped_too() -> None:
    html = "<div>" * 20_000 + "<script>alert(1)</script><style>p{}</style><p>seen &amp; read"
    assert html_text(html) == "seen & read"
