"""The program's entry: `deskterm` and `python -m deskterm`."""

import gc
import sys

_YOUNG = 100_000
"""New objects until garbage is looked for: by the interpreter's own 700 a command, which makes
little, would look for it twenty times while it loads, and the board for a fifth of its start."""


def main() -> None:
    """Run the command line and end with its exit code.

    The bare `deskterm` on a terminal goes straight to the board: typer would cost it 50 ms.
    """
    gc.set_threshold(_YOUNG)
    if len(sys.argv) == 1 and all(one and one.isatty() for one in (sys.stdin, sys.stdout)):
        from deskterm.cli.board import start

        sys.exit(start())
    from deskterm.cli.main import run

    code = run(sys.argv[1:])
    gc.freeze()  # all that is left goes with the process: nothing in it has to be looked for
    sys.exit(code)


if __name__ == "__main__":
    main()
