"""Addresses of stored files that only a conversation knows, and the folder where their content lies.

An `<img>` cannot send a token, so the address itself carries the right to look: a signature over the file's number.
"""

import hashlib
import hmac
import os
import tempfile
from pathlib import Path


def signature(secret: bytes, file: str) -> str:
    return hmac.new(secret, b"file:" + file.encode(), hashlib.sha256).hexdigest()[:32]


def signed_path(secret: bytes, file: str) -> str:
    """Where the file with this number can be seen, by whoever is given this."""
    return f"/chat/files/{file}?k={signature(secret, file)}"


def is_signed(secret: bytes, file: str, key: str) -> bool:
    return hmac.compare_digest(signature(secret, file).encode(), key.encode("utf-8", "replace"))


def path_of(folder: Path, name: str) -> Path:
    """`name` is the sha256 of the content; two letters of it spread the files over folders."""
    return folder / name[:2] / name


def store(folder: Path, content: bytes) -> str:
    """Keep the content; its name. A crash leaves either the whole file or none."""
    name = hashlib.sha256(content).hexdigest()
    target = path_of(folder, name)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(target, content)
    return name


def _write_whole(target: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """The new name itself must survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
