"""A text as a tree, for those who load what reads YAML only when there is a text to read."""

from deskterm.guides.yamltree import Tree


def parse(text: str) -> Tree:
    """Give the tree of one YAML document; raises YamlError with the line and what to do.

    What reads YAML takes 30 ms to load: only whoever reads a text loads it.
    """
    from deskterm.guides.yamlread import read  # noqa: PLC0415 - as it says

    return read(text)
