"""Coupon codes: 128 unguessable bits, in letters and digits that are read out and typed without mistakes."""

import hashlib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS, LETTERS, GROUP = 128, 26, 5
LOOKALIKES = str.maketrans("OIL", "011")


def new(secret: str) -> str:
    """A code from a secret of at least 128 random bits."""
    number = int.from_bytes(hashlib.sha256(secret.encode()).digest()[: BITS // 8], "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LETTERS))


def shown(code: str) -> str:
    """In groups, as people see it."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read(typed: str) -> str:
    """The code as stored, however it was typed."""
    plain = "".join(character for character in typed.upper() if character.isalnum())
    return plain.translate(LOOKALIKES)
