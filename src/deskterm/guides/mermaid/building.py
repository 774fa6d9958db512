"""A chart while it is read: boxes by their first mention, arrows in order."""

from html import unescape

from deskterm.domain.patterns import pattern
from deskterm.guides.mermaid.chart import NAMED, Area, Chart, ChartEdge, ChartError, ChartNode
from deskterm.guides.yamltext import parse
from deskterm.guides.yamltree import Scalar, Table, YamlError

MOST_EDGES = 500
"""Mermaid's own limit."""
_NUMBERED = pattern(r"#(\d{1,7});")
_NAMED = pattern(r"#([A-Za-z]\w{0,30});")
_SPACE = pattern(r"\s")


class Building:
    """Takes boxes, arrows and areas as the reader meets them."""

    def __init__(self) -> None:
        self.nodes: dict[str, ChartNode] = {}
        self.edges: list[ChartEdge] = []
        self.areas: list[Area] = []
        self.edge_names: set[str] = set()
        self.direction = "TB"

    def chart(self, title: str) -> Chart:
        """Give what was read."""
        areas = tuple(self.areas)
        return Chart(self.nodes, tuple(self.edges), areas, self.direction, title)

    def mention(self, name: str) -> None:
        """Note a box that is named without a text."""
        if name not in self.edge_names and name not in self.nodes:
            self.nodes[name] = ChartNode(name, name)

    def describe(self, name: str, text: str, shape: str) -> None:
        """Give a box its text and shape; the last one counts."""
        if name not in self.edge_names:
            self.nodes[name] = ChartNode(name, shown(text), shape)

    def shape(self, name: str, written: str, line: int) -> None:
        """Take what stands in `@{ … }` behind a box; raises ChartError."""
        values = _values(written, line)
        if name in self.edge_names:
            return
        node = self.nodes[name]
        shape = values.get("shape", "") or node.shape
        if values.get("shape") and shape not in NAMED:
            raise ChartError(line, f"there is no shape `{shape[:40]}` in Mermaid")
        text = _resolved(values.get("label", ""))
        if not text:
            pictured = values.get("icon") or values.get("img")
            text = "" if pictured and node.text == name else node.text
        self.nodes[name] = ChartNode(name, text, shape)

    def link(
        self, sources: list[str], targets: list[str], link: str, label: str, name: str, line: int
    ) -> None:
        """Draw an arrow from each source to each target."""
        for source in sources:
            for target in targets:
                if len(self.edges) >= MOST_EDGES:
                    raise ChartError(line, f"more than {MOST_EDGES} arrows: split the chart")
                self.edges.append(ChartEdge(source, target, shown(label), link))
        if name:
            self.edge_names.add(name)

    def area(self, name: str | None, title: str, members: list[str]) -> str:
        """Close a subgraph over its members; gives its id."""
        inside = {one for area in self.areas for one in area.members}
        known = name if name is not None else f"subGraph{len(self.areas)}"
        once = dict.fromkeys(member for member in members if member not in inside)
        self.areas.append(Area(known, shown(title), tuple(once)))
        return known


def shown(text: str) -> str:
    """Give a text as people read it: trimmed, without outer quotes, entities resolved."""
    bare = text.strip()
    if len(bare) > 1 and bare.startswith('"') and bare.endswith('"'):
        bare = bare[1:-1]
    return _resolved(bare)


def _resolved(text: str) -> str:
    """Give a text with its entities (`#quot;`, `#35;`) as signs."""
    if "#" not in text:
        return text
    numbered = _NUMBERED.sub(lambda found: _sign(int(found.group(1))), text)
    return _NAMED.sub(lambda found: unescape(f"&{found.group(1)};"), numbered)


def area_name(written: str) -> str | None:
    """Give the id of a subgraph that is named by its title alone; None where it has blanks."""
    return None if _SPACE.search(written) else written.strip()


def _sign(number: int) -> str:
    return chr(number) if 31 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "�"


def _values(written: str, line: int) -> dict[str, str]:
    """Read the YAML of `@{ … }`: names and plain values."""
    text = f"{written}\n" if "\n" in written else "{\n" + written + "\n}"
    try:
        tree = parse(text)
    except YamlError as error:
        raise ChartError(line, f"what stands in @{{ }} is {error}") from None
    entries = tree.entries if isinstance(tree, Table) else ()
    return {key.text: value.text for key, value in entries if isinstance(value, Scalar)}
