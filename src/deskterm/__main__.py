"""The program's entry: `deskterm` and `python -m deskterm`."""

import sys


def main() -> None:
    """Run the command line and end with its exit code."""
    from deskterm.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
