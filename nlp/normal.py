"""Brings a message to one form, character for character, so that every offset stays that of the original."""

from collections.abc import Iterable, Mapping

READ_LIMIT = 2000
"""Only this much of a message is read: nobody types more, and a pasted book must not stop the chat."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_CAPITALS = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_CONTROLS = dict.fromkeys([*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA1), 0x3000], 0x20)
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF], 0x20)
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), 0x20)


class Normaliser:
    """Full to half width, capitals to small, traditional and Cantonese characters to common ones, typos put right."""

    def __init__(self, characters: str, typos: Mapping[str, str]) -> None:
        """`characters` holds pairs like `發发`, apart by white space; a typo and its correction are equally long."""
        self._table = {**_CONTROLS, **_INVISIBLE, **_SURROGATES, **_FULL_WIDTH, **_CAPITALS, **_pairs(characters)}
        self._table.update({ord(wide): self._table[code] for wide, code in _wide_capitals()})
        self._typos = _same_length(typos.items())

    def normalise(self, text: str) -> str:
        """The first `READ_LIMIT` characters in one form; the result is as long as what it was made from."""
        clean = text[:READ_LIMIT].translate(self._table)
        for wrong, right in self._typos:
            if wrong in clean:
                clean = clean.replace(wrong, right)
        return clean


def _pairs(characters: str) -> dict[int, int]:
    table = {}
    for pair in characters.split():
        if len(pair) != 2:
            raise ValueError(f"a pair of two characters was expected, not {pair!r}")
        table[ord(pair[0])] = ord(pair[1])
    return table


def _wide_capitals() -> Iterable[tuple[str, int]]:
    return ((chr(code + 0xFEE0), code) for code in range(ord("A"), ord("Z") + 1))


def _same_length(typos: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    for wrong, right in typos:
        if len(wrong) != len(right):
            raise ValueError(f"typo {wrong!r} and {right!r} must be equally long: offsets depend on it")
    return tuple(typos)
