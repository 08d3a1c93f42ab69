"""Files in and out of the chat: what a file is, is told from its bytes; who may see it, from the signature."""

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.web.chat_world import ChatWorld
from web.chat_identity import new_token

WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"\x00" * 200
OGG = b"OggS\x00\x02" + b"\x00" * 200
M4A = b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00" + b"\x00" * 200
HEIC = b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00" + b"\x00" * 200


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 4000 if mode == "I;16" else "teal").save(out, form, **save)
    return out.getvalue()


def giant_png(side: int) -> bytes:
    """A few kilobytes that claim to be side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def upload(world: ChatWorld, content: bytes, token: str | None = None, mime: str = "image/jpeg") -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or new_token()}", "Content-Type": mime}
    return httpx.post(f"{world.http}/chat/files", content=content, headers=headers)


def shown(world: ChatWorld, answer: httpx.Response) -> httpx.Response:
    assert answer.status_code == 201, answer.text
    return httpx.get(world.http + answer.json()["url"])


@pytest.mark.parametrize("form_and_mode", ["JPEG RGB", "JPEG CMYK", "PNG RGBA", "PNG I;16", "WEBP RGB", "GIF P"])
def test_photo_becomes_a_plain_jpeg(world: ChatWorld, form_and_mode: str) -> None:
    form, mode = form_and_mode.split()
    seen = shown(world, upload(world, picture(form, mode=mode)))
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in seen.headers["content-security-policy"]
    assert Image.open(io.BytesIO(seen.content)).size == (40, 30)


def test_photo_loses_its_place_and_camera_and_keeps_upright(world: ChatWorld) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    seen = shown(world, upload(world, picture(exif=exif)))
    image = Image.open(io.BytesIO(seen.content))
    assert image.size == (30, 40)
    assert not image.getexif()
    assert b"SecretPhone" not in seen.content


def test_large_photo_is_made_smaller(world: ChatWorld) -> None:
    seen = shown(world, upload(world, picture(size=(5000, 2500))))
    assert Image.open(io.BytesIO(seen.content)).size == (2048, 1024)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (giant_png(50_000), "photo_giant"),
        (picture("PNG", size=(50_000, 1), mode="1"), "photo_giant"),
        (b"<html><script>alert(1)</script></html>", "file_kind"),
        (b"GIF89a<script>alert(1)</script>", "file_kind"),
        (picture(size=(400, 400))[:300], "photo_broken"),
        (picture("BMP"), "file_kind"),
        (b"%PDF-1.7", "file_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
        (HEIC, "file_heic"),
        (b"", "file_empty"),
    ],
)
def test_bad_file_is_refused_with_a_sentence(world: ChatWorld, content: bytes, reason: str) -> None:
    answer = upload(world, content)
    assert answer.status_code == 415
    assert answer.json()["error"] == reason
    assert len(answer.json()["message"]) > 8


def test_page_hidden_behind_a_photo_is_gone(world: ChatWorld) -> None:
    seen = shown(world, upload(world, picture() + b"<script>alert(1)</script>"))
    assert b"<script>" not in seen.content


def test_too_large_file_is_refused_while_it_streams(world: ChatWorld) -> None:
    answer = upload(world, picture() + b"\x00" * (20 * 1024 * 1024))
    assert (answer.status_code, answer.json()["error"]) == (413, "file_large")


@pytest.mark.parametrize(("content", "mime"), [(WEBM, "audio/webm"), (OGG, "audio/ogg"), (M4A, "audio/mp4")])
def test_voice_is_kept_as_it_is(world: ChatWorld, content: bytes, mime: str) -> None:
    answer = upload(world, content, mime="text/html")
    seen = shown(world, answer)
    assert answer.json()["kind"] == "voice"
    assert seen.headers["content-type"] == mime
    assert seen.content == content


def test_part_of_a_voice_note_can_be_asked_for(world: ChatWorld) -> None:
    url = world.http + upload(world, WEBM).json()["url"]
    part = httpx.get(url, headers={"Range": "bytes=0-3"})
    assert part.status_code == 206
    assert part.content == WEBM[:4]


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer short", "Basic abc"])
def test_without_a_token_nothing_is_taken(world: ChatWorld, authorization: str) -> None:
    answer = httpx.post(f"{world.http}/chat/files", content=picture(), headers={"Authorization": authorization})
    assert answer.status_code == 401


@pytest.mark.parametrize("key", ["", "?k=", "?k=0123456789abcdef0123456789abcdef", "?k=é"])
def test_unsigned_address_shows_nothing(world: ChatWorld, key: str) -> None:
    file_id = upload(world, picture()).json()["id"]
    assert httpx.get(f"{world.http}/chat/files/{file_id}{key}").status_code == 404


def test_the_signature_of_one_file_opens_no_other(world: ChatWorld) -> None:
    one, two = (upload(world, picture()).json() for _ in range(2))
    assert httpx.get(world.http + one["url"].replace(f"/{one['id']}?", f"/{two['id']}?")).status_code == 404


def test_sent_files_come_with_the_line(world: ChatWorld) -> None:
    with world.page() as page:
        ids = [upload(world, content, page.token).json()["id"] for content in (picture(), WEBM)]
        page.say("", files=ids)
        key = page.expect("ack")["key"]
        page.until_line("收到2个文件")
        files = page.lines[key]["files"]
        assert [file["kind"] for file in files] == ["photo", "voice"]
        assert all(httpx.get(world.http + file["url"]).status_code == 200 for file in files)


def test_the_file_of_another_visitor_cannot_be_sent(world: ChatWorld) -> None:
    stolen = upload(world, picture()).json()["id"]
    with world.page() as page:
        page.say("看看", files=[stolen])
        assert page.expect("refused")["reason"] == "附件没有找到，请重新选择后再发"
        page.say("看看", files=[10**9])
        page.expect("refused")


def test_same_photo_at_once_from_many_is_stored_whole(own_world: ChatWorld) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: upload(own_world, picture()), range(16)))
    assert len({answer.json()["id"] for answer in answers}) == 16
    kept = [path for path in (own_world.folder / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1


def test_a_flood_of_files_is_slowed(own_world: ChatWorld) -> None:
    headers = {"Authorization": f"Bearer {new_token()}"}
    with httpx.Client(headers=headers) as client:
        answers = [client.post(f"{own_world.http}/chat/files", content=b"").status_code for _ in range(60)]
    assert answers[0] == 415
    assert answers[-1] == 429
