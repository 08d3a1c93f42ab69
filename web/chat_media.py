"""What a file really is, told from its bytes; never from its name or from what the browser claims."""

import io
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from domain.errors import HuixiangError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 52_000_000
"""A phone's camera of 50 megapixels makes 8192 × 6144."""
MAX_SIDE = 20_000
PHOTO_SIDE = 2048
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")

_STATUS = {"file_large": 413, "file_no_room": 507}


class FileRefused(HuixiangError):
    """这个文件收不了。"""

    code = "file_refused"
    http_status = 415

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason
        self.http_status = _STATUS.get(reason, self.http_status)


@dataclass(frozen=True, slots=True)
class Media:
    kind: Literal["photo", "voice"]
    mime: str
    content: bytes


def read_media(content: bytes) -> Media:
    """The photo or voice in these bytes, made safe to keep; `FileRefused` names the sentence to say."""
    if not content:
        raise FileRefused("file_empty")
    mime = voice_mime(content)
    if mime:
        return Media("voice", mime, content)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise FileRefused("file_heic")
    return Media("photo", "image/jpeg", clean_photo(content))


def voice_mime(content: bytes) -> str:
    """The audio type by its first bytes; empty when it is not one that browsers record."""
    if content.startswith(b"\x1aE\xdf\xa3") and b"webm" in content[:64]:
        return "audio/webm"
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content[4:8] == b"ftyp" and content[8:12] not in _HEIC:
        return "audio/mp4"
    return ""


def clean_photo(content: bytes) -> bytes:
    """A JPEG of at most 2048 pixels a side, upright, without EXIF: no place, no camera, no hidden second file."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _refuse_giant(image)
            return _encoded(image)
    except UnidentifiedImageError as error:
        raise FileRefused("file_kind") from error
    except Image.DecompressionBombError as error:
        raise FileRefused("photo_giant") from error
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise FileRefused("photo_broken") from error


def _refuse_giant(image: Image.Image) -> None:
    """Judged by the header, before a single pixel is unpacked."""
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise FileRefused("photo_giant")


def _encoded(image: Image.Image) -> bytes:
    image.draft("RGB", (PHOTO_SIDE, PHOTO_SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    out = io.BytesIO()
    _on_white(upright).save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency: what was clear becomes paper, not black."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
