"""Files that are not what they say: pictures are taken by content, or not at all."""

import io
import struct
import sys
from contextlib import suppress
from zlib import crc32

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from PIL import Image

from campaigns.pictures import decoding, picture_files
from tests.hostile import MARKUP
from tests.hostile.generator import TIMES
from tests.long import examples

pytestmark = pytest.mark.usefixtures("decoded_apart")
KINDS = ("JPEG", "PNG", "WEBP", "GIF")


def drawn(kind, size=(40, 30)):
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, kind)
    return content.getvalue()


def kept(media):
    return [file.read_bytes() for file in media.rglob("*.*")]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_second_file_behind_the_picture_is_kept(media, kind):
    page = f"<!--{MARKUP}--><svg onload=alert(1)></svg>PK\x03\x04".encode()

    picture_files.take_in(ContentFile(drawn(kind) + page, "page.html"))

    small, large = kept(media)
    assert small[:3] == large[:3] == b"\xff\xd8\xff"
    assert b"svg" not in small + large


@pytest.mark.some
@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a=1;alert(1)",
        b"\x89PNG\r\n\x1a\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        b"BM" + b"\0" * 60,
        drawn("PNG", (1, 70_000)),
        drawn("PNG", (70_000, 1)),
    ],
    ids=["SVG", "GIF and script", "PNG's first", "EPS", "WebP", "BMP", "tall", "wide"],
)
def test_what_is_no_picture_of_ours_is_refused_and_nothing_is_kept(media, content):
    with pytest.raises(picture_files.NotAPicture):
        picture_files.take_in(ContentFile(content, "a.jpg"))

    assert kept(media) == []


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_picture_that_moves_is_refused_by_its_second_frame(media, kind):
    frames = [Image.new("RGB", (2, 2), (n % 256, n // 256, 9)) for n in range(2000)]
    content = io.BytesIO()
    frames[0].save(
        content, kind, save_all=True, append_images=frames[1:], lossless=True
    )

    with pytest.raises(picture_files.NotAPicture, match="This picture is animated"):
        picture_files.take_in(ContentFile(content.getvalue(), "a.gif"))


def test_50_mb_are_refused_unread(media):
    class Large:
        size = 50 * 1024 * 1024  # all that it has: nothing is read of it

    with pytest.raises(picture_files.NotAPicture):
        picture_files.take_in(Large())


def test_a_bomb_is_refused_by_what_its_first_bytes_say(media):
    """900 million pixels: nothing is unpacked, there is nothing behind the header."""
    header = struct.pack(">II5B", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + chunk
    bomb += struct.pack(">I", crc32(chunk)) + struct.pack(">I", 9**9) + b"IDAT"

    with pytest.raises(picture_files.NotAPicture, match="50 million pixels"):
        picture_files.take_in(ContentFile(bomb, "a.png"))


def test_49_million_pixels_are_not_decoded_as_a_whole(media):
    """As PNG they took 692 MB of the web's memory, as WebP 1,023 MB."""
    content = io.BytesIO()
    Image.new("1", (7000, 7000)).save(content, "PNG")

    with pytest.raises(
        picture_files.NotAPicture, match=r"25 million .* save it as a JPEG"
    ):
        picture_files.take_in(ContentFile(content.getvalue(), "a.png"))

    photo = io.BytesIO()
    Image.new("L", (7000, 7000)).save(photo, "JPEG")
    _name, *size = picture_files.take_in(ContentFile(photo.getvalue(), "a.jpg"))
    assert size == [1600, 1600]


def test_a_picture_that_takes_for_ever_is_refused(media, monkeypatch):
    monkeypatch.setattr(picture_files, "DECODING_SECONDS", 0)

    with pytest.raises(picture_files.NotAPicture, match="Choose a smaller one"):
        picture_files.take_in(ContentFile(drawn("JPEG"), "a.jpg"))

    assert kept(media) == []


def test_a_decoder_that_dies_is_a_sentence_for_who_sent_the_picture(monkeypatch):
    monkeypatch.setattr(sys, "executable", "false")

    with pytest.raises(picture_files.NotAPicture, match="Choose a smaller one"):
        picture_files.read(ContentFile(drawn("JPEG"), "a.jpg"))


@seed(1)
@settings(max_examples=examples(150) * TIMES, deadline=None, database=None)
@given(data=st.data())
def test_a_damaged_picture_is_a_picture_or_refused(data):
    content = bytearray(drawn(data.draw(st.sampled_from(KINDS))))
    places = st.integers(0, len(content) - 1)
    for place, byte in data.draw(st.dictionaries(places, st.integers(0, 255))).items():
        content[place] = byte

    with suppress(decoding.PictureRefused):
        decoding.decode(io.BytesIO(bytes(content[: data.draw(places) + 1])))
