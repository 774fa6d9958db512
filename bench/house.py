"""The shape of the house in numbers, beside what it shall be: `uv run python -m bench.house`."""

from tests.arch import house, repeats


def main() -> None:
    """Print the measures that `tests/arch/test_house.py` holds."""
    shapes = house.shapes()
    largest, most_bases = shapes[0], max(shapes, key=lambda one: one.bases)
    lines, files = house.lines_and_files()
    found = repeats.repeats()
    circles = [one for one in house.circles() if "deskterm.storage.driver" not in one]
    rows = [
        ("methods of the largest class with its bases", largest.methods, 45, largest.name),
        ("bases of ours above a class, at most", most_bases.bases, 4, most_bases.name),
        ("classes with over 20 methods of their own", len(house.crowded()), 3, ""),
        ("casts of self", len(house.self_casts()), 0, ""),
        ("SQL texts outside storage", len(house.sql_outside_storage()), 0, ""),
        ("lines with Any, imports aside", house.any_lines(), 200, ""),
        ("circles of modules but the driver's", len(circles), 0, ""),
        ("undo functions and shims", len(house.undo_functions()), 0, ""),
        ("repeated runs of six lines in functions", len(found), 60, ""),
        ("source lines", lines, 64_000, ""),
        ("source files", files, 540, ""),
        ("test lines in 100 source lines", 100 * house.test_lines() // lines, 50, ""),
    ]
    print(f"{'what':46} {'is':>7} {'shall':>7}")
    for what, number, goal, where in rows:
        print(f"{what:46} {number:7} {goal:7} {where}".rstrip())
    for one in shapes[:8]:
        print(f"  {one.name}: {one.own} own, {one.methods} in all, {one.bases} bases")
    for run in found[:12]:
        print(f"  {run.lines} lines: {run.first} ~ {run.second}")


if __name__ == "__main__":
    main()
