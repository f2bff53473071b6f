"""Passwords: argon2id, with the parameters of the library's authors. The one home of ``argon2``."""

import functools
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

MIN_PASSWORD: Final = 12
#: Longer ones would only make the hash slow.
MAX_PASSWORD: Final = 1024

_HASHER: Final = PasswordHasher()


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return _HASHER.hash(password)


def is_password(stored: str, password: str) -> bool:
    """True when ``stored`` is the hash of the password.

    With no hash ("": no such name, or no password) it takes as long and is False.
    """
    if len(password) > MAX_PASSWORD:
        return False
    try:
        return _HASHER.verify(stored or _of_nobody(), password) and bool(stored)
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """True when the hash was made with weaker parameters than today's, and should be made anew."""
    return bool(stored) and _HASHER.check_needs_rehash(stored)


@functools.cache
def _of_nobody() -> str:
    return _HASHER.hash("the password of nobody")
