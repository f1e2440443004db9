"""Files that are not what they say: pictures are taken by content, or not at all."""

import io
import os
import struct
import sys
from contextlib import suppress
from zlib import compress, crc32

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from PIL import Image

from campaigns.pictures import decoding, picture_files
from tests.hostile import MARKUP
from tests.hostile.generator import TIMES
from tests.test_architecture import ROOT

pytestmark = pytest.mark.usefixtures("decoded_apart")
KINDS = ("JPEG", "PNG", "WEBP", "GIF")
PLACE = b"51.5007 N 0.1246 W"


def drawn(kind, size=(40, 30), mode="RGB", **options):
    content = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else 0).save(content, kind, **options)
    return content.getvalue()


def png(width, height, bits, lines, *chunks):
    """A PNG in grey with these bytes as its lines, and these chunks before them."""
    header = struct.pack(">II5B", width, height, bits, 0, 0, 0, 0)
    rest = ((b"IHDR", header), *chunks, (b"IDAT", packed(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in rest)


def chunk(kind, data):
    return (
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", crc32(kind + data))
    )


def packed(data):
    return compress(data, 9)


def kept(media):
    return [file.read_bytes() for file in media.rglob("*.*")]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_second_file_behind_the_picture_is_kept(media, kind):
    page = f"<!--{MARKUP}--><svg onload=alert(1)></svg>PK\x03\x04".encode()

    picture_files.take_in(ContentFile(drawn(kind) + page, "page.html"))

    small, large = kept(media)
    assert small[:3] == large[:3] == b"\xff\xd8\xff"
    assert b"svg" not in small + large


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a=1;alert(1)",
        b"\x89PNG\r\n\x1a\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        b"BM" + b"\0" * 60,
        b"8BPS\0\1" + b"\0" * 90,
        *(drawn(kind, (64, 64)) for kind in ("TIFF", "ICO", "PPM", "AVIF", "PDF")),
        drawn("PNG", (400, 300))[:-40],
        drawn("JPEG", (400, 300))[:-80],
        drawn("PNG", (1, 70_000)),
        drawn("PNG", (70_000, 1)),
    ],
    ids=[
        *("SVG", "GIF and script", "PNG's first", "EPS", "WebP", "BMP", "PSD", "TIFF"),
        *("ICO", "PPM", "AVIF", "PDF", "cut PNG", "cut JPEG", "tall", "wide"),
    ],
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


@pytest.mark.parametrize(
    "content",
    [
        png(20_000, 20_000, 1, b"\0" * 2501 * 20_000),
        png(9, 9, 8, b"\0" * 90, (b"iCCP", b"x\0\0" + packed(b"\0" * 10**8))),
        png(9, 9, 8, b"\0" * 90, (b"iTXt", b"x\0\1\0\0\0" + packed(b"\0" * 10**8))),
        png(9, 9, 8, b"\0" * 90, *[(b"zTXt", b"x\0\0" + packed(b"\0" * 10**6))] * 99),
    ],
    ids=["pixels", "profile", "text", "texts"],
)
def test_a_small_file_that_grows_much_is_refused(media, content):
    assert len(content) < 130_000

    with pytest.raises(picture_files.NotAPicture):
        picture_files.take_in(ContentFile(content, "a.png"))

    assert kept(media) == []


@pytest.mark.parametrize(
    "content",
    [
        png(9, 9, 8, b"\0" * 10**8),  # far more than its lines
        png(9, 9, 8, b"\0" * 90, *[(b"tEXt", b"a\0" + PLACE)] * 99),
        drawn("PNG", mode="I;16"),
        drawn("PNG", exif=b"Exif\0\0MM\0*\0\0\0\x08" + PLACE * 10**5),
        drawn("JPEG", icc_profile=PLACE * 10**5, comment=PLACE),
        drawn("WEBP", xmp=PLACE * 10**5, exif=b"Exif\0\0MM\0*\0\0\0\x08" + PLACE),
    ],
    ids=["lines", "texts", "16 bits", "EXIF", "profile", "XMP"],
)
def test_of_what_stands_beside_the_pixels_nothing_is_kept(media, content):
    picture_files.take_in(ContentFile(content, "a.png"))

    small, large = kept(media)
    assert PLACE not in small + large
    assert len(small + large) < 3000


def test_all_places_that_take_a_picture_have_it_decoded_apart():
    """Campaigns, stories, updates, the logo, scans and imports: none opens a file."""
    openers = {
        file.relative_to(ROOT).as_posix()
        for file in ROOT.glob("*/**/*.py")
        if file.relative_to(ROOT).parts[0] not in ("tests", "var", "bench")
        and "Image.open(" in file.read_text(encoding="utf-8")
    }

    # The others open what we have drawn ourselves.
    ours = ("decoding.py", "picture_files.py", "rendering.py", "share_image.py")
    assert openers == {f"campaigns/pictures/{name}" for name in ours}


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


def test_a_picture_whose_pixels_come_three_thousand_times_is_given_up(media):
    """Its form must be answered before the proxy gives up, also with three of them."""
    content = drawn("JPEG", (4990, 4990), progressive=True)
    last = content.rindex(b"\xff\xda")
    content = content[:last] + content[last:-2] * 3000 + content[-2:]
    begin = os.times()

    with pytest.raises(picture_files.NotAPicture, match="Choose a smaller one"):
        picture_files.take_in(ContentFile(content, "a.jpg"))

    used = os.times().children_user - begin.children_user
    assert used < decoding.SECONDS + 1
    assert decoding.SECONDS * 3 < 40  # proxy_read_timeout in deploy/nginx.conf


def test_a_decoder_that_dies_is_a_sentence_for_who_sent_the_picture(monkeypatch):
    monkeypatch.setattr(sys, "executable", "false")

    with pytest.raises(picture_files.NotAPicture, match="Choose a smaller one"):
        picture_files.read(ContentFile(drawn("JPEG"), "a.jpg"))


@seed(1)
@settings(max_examples=150 * TIMES, deadline=None, database=None)
@given(data=st.data())
def test_a_damaged_picture_is_a_picture_or_refused(data):
    content = bytearray(drawn(data.draw(st.sampled_from(KINDS))))
    places = st.integers(0, len(content) - 1)
    for place, byte in data.draw(st.dictionaries(places, st.integers(0, 255))).items():
        content[place] = byte

    with suppress(decoding.PictureRefused):
        decoding.decode(io.BytesIO(bytes(content[: data.draw(places) + 1])))
