"""Names as people give them, safe to show to others."""

NAME_LENGTH = 40


def clean_name(name: str) -> str:
    """No control characters, no direction overrides, not too long."""
    return "".join(character for character in name if character.isprintable())[:NAME_LENGTH].strip()
