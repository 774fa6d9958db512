"""What is put off while psycopg is loaded is there for whoever asks, as if it had been loaded."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
import deskterm.storage.postgres
import psycopg
{asks}
"""
ASKS = {
    "the version is the real one": "import importlib.metadata as index\n"
    "assert index.version('psycopg') == psycopg.__version__ != ''\n"
    "assert index.version('psycopg-binary') == sys.modules['psycopg_binary'].__version__",
    "tasks run and are cancelled": "import asyncio\n"
    "async def late():\n"
    "    await asyncio.sleep(60)\n"
    "async def main():\n"
    "    task = asyncio.create_task(late())\n"
    "    await asyncio.sleep(0)\n"
    "    task.cancel()\n"
    "    try:\n"
    "        await task\n"
    "    except psycopg.errors.CancelledError:\n"
    "        return asyncio.exceptions.CancelledError is asyncio.CancelledError\n"
    "assert asyncio.run(main())",
    "names come by a star": "from asyncio import *\nassert run and Lock and TimeoutError",
    "what is not there is missed": "import asyncio\nassert not hasattr(asyncio, 'nothing')",
    "a module of a package": "import asyncio.subprocess\nassert asyncio.subprocess.PIPE == -1",
    "ssl and ctypes": "import ctypes.util, ssl\n"
    "assert ssl.create_default_context() and ctypes.util.find_library and ctypes.c_int(1)\n"
    "assert ssl.SSLContext is __import__('ssl').SSLContext",
    "signatures": "import dataclasses, inspect, typing_extensions\n"
    "assert str(inspect.signature(dataclasses.replace)) == '(obj, /, **changes)'\n"
    "made = dataclasses.make_dataclass('Made', ['here'])\n"
    "assert dataclasses.inspect is inspect and made.__doc__.startswith('Made(here')\n"
    "assert typing_extensions.TypeVar('T', default=int).__default__ is int",
    "the asynchronous half": "assert issubclass(psycopg.AsyncConnection, psycopg.BaseConnection)",
    "SQLAlchemy's door": "import sqlalchemy\n"
    "engine = sqlalchemy.create_engine('postgresql+psycopg://nobody@localhost/none')\n"
    "assert engine.dialect.psycopg_version >= (3, 0, 2)",
}


@pytest.mark.parametrize("what", ASKS)
def test_what_was_put_off_is_whole(what: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(asks=ASKS[what])],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def test_what_is_loaded_already_stays_as_it_is() -> None:
    asks = "import asyncio, ssl; before = asyncio, ssl\nimport deskterm.storage.postgres\n"
    asks += "import asyncio, ssl\nassert before == (asyncio, ssl)\n"
    asks += "assert {type(one).__name__ for one in before} == {'module'}"
    subprocess.run([sys.executable, "-c", asks], check=True, timeout=60)
