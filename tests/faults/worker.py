"""One client process: does the commands on standard input, one JSON list a line, acknowledges each.

The acknowledgement `CODE NUMBER` is written only after the command has ended, as a script sees it.
`DESKTERM_FAULT_MUTE=n` kills the process after its n-th command, before that acknowledgement.
"""

import io
import json
import os
import signal
import sys

from deskterm.cli.main import run


def main() -> None:
    mute = int(os.environ.get("DESKTERM_FAULT_MUTE", "0"))
    os.write(1, b"ready\n")
    for place, line in enumerate(sys.stdin, 1):
        sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        code = run(json.loads(line))
        if place == mute:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(1, f"{code}\n".encode())


if __name__ == "__main__":
    main()
