"""The program on a terminal, command after command: `{"words": […], "stdin": text?}` on fd 3.

After each command it writes a mark with the exit code, which nothing it prints may contain.
"""

import io
import json
import os
import sys

from deskterm.cli.main import run


def main() -> None:
    typed = sys.stdin
    with os.fdopen(3, encoding="ascii") as orders:
        for line in orders:
            order = json.loads(line)
            sys.stdin = typed
            if order["stdin"] is not None:
                content = order["stdin"].encode("utf-8", "surrogateescape")
                sys.stdin = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
            code = run(order["words"])
            sys.stdout.flush()
            os.write(1, b"\x1e%d\x1e" % code)


if __name__ == "__main__":
    main()
