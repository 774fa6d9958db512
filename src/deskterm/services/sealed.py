"""Bytes under a passphrase: scrypt makes the key, Fernet (AES and HMAC) seals them."""

import base64
import json
from typing import TYPE_CHECKING

from deskterm.domain.errors import UsageError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

SHORTEST = 12
"""Characters of a passphrase: whoever has the file may try as long as they like."""
_COST = {"n": 2**15, "r": 8, "p": 1}
"""Of one try: 32 MiB of memory and about a tenth of a second."""
_MOST = {"n": 2**20, "r": 16, "p": 4}


def seal(content: bytes, passphrase: str) -> bytes:
    """Give the bytes sealed; raises UsageError for a short passphrase, or without the library."""
    import os

    if len(passphrase) < SHORTEST:
        raise UsageError(f"a passphrase has at least {SHORTEST} characters.")
    salt = os.urandom(16)
    token = _cipher(passphrase, salt, _COST).encrypt(content)
    told = {"salt": base64.b64encode(salt).decode(), **_COST, "sealed": token.decode()}
    return json.dumps({"kind": "scrypt, fernet"} | told, indent=1).encode() + b"\n"


def unseal(content: bytes, passphrase: str, where: str) -> bytes:
    """Give the bytes again; raises UsageError for the wrong passphrase or a damaged file."""
    try:
        found = json.loads(content)
        salt = base64.b64decode(found["salt"], validate=True)
        cost = {name: int(found[name]) for name in _COST}
        token = str(found["sealed"]).encode("ascii")
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{where} is damaged ({type(error).__name__}).") from None
    if any(not 0 < cost[name] <= most for name, most in _MOST.items()):
        raise UsageError(f"{where} is damaged: nobody seals with such a cost.")
    cipher = _cipher(passphrase, salt, cost)
    from cryptography.fernet import InvalidToken

    try:
        return cipher.decrypt(token)
    except InvalidToken:
        raise UsageError(f"{where}: the passphrase does not fit, or the file is damaged.") from None


def _cipher(passphrase: str, salt: bytes, cost: dict[str, int]) -> "Fernet":
    try:
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError:
        raise UsageError(
            "secrets are only carried sealed, and what seals them is not installed: "
            "install deskterm[moving] (it brings `cryptography`), or move without them."
        ) from None
    try:
        key = Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode())
    except ValueError:
        raise UsageError("the sealed file is damaged: nobody seals with such a cost.") from None
    return Fernet(base64.urlsafe_b64encode(key))
