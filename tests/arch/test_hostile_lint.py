"""The two rules on hostile text, held over the whole source (design.md §5), and proved to bite."""

import pytest

from tests.arch import code_rules, markup_rule
from tests.arch.sources import READS_ALL, parsed, sources

DRAWING = ("screens/", "widgets/", "app.py")
BAD_MARKUP = {
    "static": "def f(ticket):\n    return Static(ticket.subject)",
    "label": "def f(subject: str):\n    return Label(subject)",
    "f-string": "def f(n):\n    return Static(f'#{n}')",
    "cleaned is not enough": "def f(s):\n    return Button(clean(s))",
    "joined": "def f(names):\n    return Static(' '.join(names))",
    "concatenated": "def f(s):\n    return Static('Subject: ' + s)",
    "by keyword": "def f(s):\n    return Static(content=s)",
    "either": "def f(s, b):\n    return Static(s if b else 'none')",
    "assigned": "def f(s):\n    line = clean(s)\n    return Static(line)",
    "sometimes": "def f(s):\n    line = Content('')\n    line = s\n    return Static(line)",
    "update": "def f(self, s):\n    self.query_one('#a', Static).update(s)",
    "update by name": "def f(self, s):\n    a = self.query_one('#a', Static)\n    a.update(s)",
    "option": "def f(names):\n    return [Option(name) for name in names]",
    "options": "def f(self, names):\n    self.add_options([name for name in names])",
    "option list": "def f(names):\n    return OptionList(*names)",
    "title": "def f(self, s):\n    self.border_title = s",
    "tooltip": "def f(self, s):\n    self.tooltip = clean(s)",
    "notify": "def f(self, error):\n    self.notify(str(error))",
    "markup on": "def f(self, error):\n    self.notify(str(error), markup=True)",
    "toast title": "def f(self, s):\n    self.notify('x', title=s)",
    "from_markup": "def f(s):\n    return Content.from_markup(s)",
    "rich": "def f(s):\n    return Text.from_markup(f'[b]{s}')",
    "hit": "def f(s):\n    yield Hit(1, s, go)",
    "escape": "from textual.markup import escape",
    "rich escape": "from rich.markup import escape",
    "unknown widget": "from textual.widgets import DataTable",
    "viewer": "from textual.widgets import MarkdownViewer",
    "a number": "def f(self):\n    return Static(f'{self.n} {self.name}')",
    "unannotated": "def line(s):\n    return s\n\ndef f(s):\n    return Static(line(s))",
}
GOOD_MARKUP = {
    "literal": "def f():\n    return Static('No ticket', id='x')",
    "content": "def f(s):\n    return Static(Content(clean(s)))",
    "off": "def f(s):\n    return Static(s, markup=False)",
    "notify off": "def f(self, s):\n    self.notify(clean(s), markup=False)",
    "rich text": "def f(s):\n    return Static(Text(clean(s)))",
    "joined content": "def f(lines: list[Content]):\n    return Static(Content('').join(lines))",
    "function": "def line(s: str) -> Content:\n    return Content(s)\n\n"
    "def f(s):\n    return Static(line(s))",
    "set": "def f(self, s):\n    self.seen.update(s)",
    "values": "def f(s):\n    return Content.from_markup('[b]$x[/]', x=s)",
    "options": "def f(names):\n    return OptionList(*(Option(Content(n)) for n in names))",
}


def _markup(name: str, text: str) -> list[str]:
    source = parsed(name, text)
    return list(markup_rule.findings(source, markup_rule.index_of([source])))


@pytest.mark.parametrize("name", BAD_MARKUP)
def test_the_markup_rule_finds(name: str) -> None:
    assert _markup(name, BAD_MARKUP[name])


@pytest.mark.parametrize("name", GOOD_MARKUP)
def test_the_markup_rule_lets_pass(name: str) -> None:
    assert _markup(name, GOOD_MARKUP[name]) == []


@READS_ALL
def test_nothing_that_is_drawn_is_a_plain_str() -> None:
    index = markup_rule.index_of(sources())
    drawn = [source for source in sources() if source.name.startswith(DRAWING)]
    assert len(drawn) > 20
    found = [one for source in drawn for one in markup_rule.findings(source, index)]
    found += [one for source in drawn for one in markup_rule.plain_renders(source)]
    assert not found, "\n".join(found)


BAD_CODE = {
    "print": ("services/x.py", "print('x')"),
    "stdout": ("services/x.py", "sys.stdout.write(s)"),
    "stderr": ("cli/x.py", "sys.stderr.write(s)"),
    "echo": ("cli/x.py", "typer.echo(s)"),
    "console": ("screens/x.py", "from rich.console import Console"),
    "swallowed": ("services/x.py", "try:\n    f()\nexcept Exception:\n    pass"),
    "bare": ("services/x.py", "try:\n    f()\nexcept:\n    pass"),
    "no reason": (
        "services/x.py",
        "try:\n    f()\nexcept Exception:  # noqa: BLE001\n    pass",
    ),
    "shell": ("services/x.py", "subprocess.run(line, shell=True)"),
    "system": ("screens/x.py", "os.system(line)"),
    "popen": ("screens/x.py", "os.popen(line)"),
    "eval": ("guides/x.py", "eval(text)"),
    "pickle": ("storage/x.py", "import pickle"),
    "yaml": ("guides/x.py", "yaml.load(text)"),
    "ruamel": ("guides/x.py", "YAML(typ='unsafe')"),
    "format": ("mail/x.py", "def f(template, ticket):\n    return template.format(t=ticket)"),
    "jinja": ("mail/x.py", "Environment(autoescape=True)"),
    "sendmail": ("mail/x.py", "server.sendmail(a, b, raw)"),
    "mktemp": ("screens/x.py", "tempfile.mktemp()"),
    "clock": ("triage/x.py", "datetime.now(UTC)"),
    "file": ("guides/x.py", "open(name)"),
    "path": ("reports/x.py", "Path(name).read_text()"),
    "sql": ("storage/x.py", "db.all(f'SELECT * FROM {name}')  # noqa: S608"),
    "writes a text": ("cli/x.py", "file.write_text(text)"),
    "writes bytes": ("services/x.py", "open(name, 'wb')"),
    "makes a file": ("storage/x.py", "os.open(name, os.O_CREAT | os.O_WRONLY)"),
    "begins a file": ("screens/x.py", "Path(name).open(mode='a')"),
}
GOOD_CODE = {
    "output": ("cli/output.py", "sys.stdout.write(s)"),
    "edge": (
        "cli/x.py",
        "try:\n    f()\nexcept Exception:  # noqa: BLE001 - the edge of the program\n    pass",
    ),
    "raised again": ("storage/x.py", "try:\n    f()\nexcept BaseException:\n    g()\n    raise"),
    "argument list": ("screens/x.py", "subprocess.run(['ping', host])"),
    "constant": ("storage/x.py", "_SQL = 'a {b}'\n\ndef f():\n    return _SQL.format(b=1)"),
    "sandboxed": ("mail/x.py", "ImmutableSandboxedEnvironment()"),
    "writes what was lent": ("services/x.py", "part.write_bytes(content)"),
    "reads": ("services/x.py", "file.open('rb')"),
    "bound": ("storage/x.py", "db.all('SELECT a FROM b WHERE c = :c', c=c)"),
}


@pytest.mark.parametrize("name", BAD_CODE)
def test_the_code_rules_find(name: str) -> None:
    assert list(code_rules.findings(parsed(*BAD_CODE[name])))


@pytest.mark.parametrize("name", GOOD_CODE)
def test_the_code_rules_let_pass(name: str) -> None:
    assert list(code_rules.findings(parsed(*GOOD_CODE[name]))) == []


@READS_ALL
def test_the_source_keeps_the_code_rules() -> None:
    found = [one for source in sources() for one in code_rules.findings(source)]
    assert not found, "\n".join(found)


@READS_ALL
def test_files_and_functions_keep_their_size() -> None:
    found = [one for source in sources() for one in code_rules.oversized(source)]
    assert not found, "\n".join(found)
