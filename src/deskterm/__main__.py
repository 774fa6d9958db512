"""The program's entry: `deskterm` and `python -m deskterm`."""

import sys


def main() -> None:
    """Run the command line and end with its exit code.

    The bare `deskterm` on a terminal goes straight to the board: typer would cost it 50 ms.
    """
    if len(sys.argv) == 1 and all(one and one.isatty() for one in (sys.stdin, sys.stdout)):
        from deskterm.cli.board import start

        sys.exit(start())
    from deskterm.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
