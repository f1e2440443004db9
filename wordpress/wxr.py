"""Reads an export of WordPress (WXR 1.0 to 1.2), one item at a time.

A file of any length takes the memory of its longest item. The file is a stranger's: no
document type, no entity of its own and no address in it is followed. What real exports
have wrong is mended on the way: control characters, a wrong encoding, a byte order
mark, HTML entities, dates of zeros, and items without a number. Everything else that is
no export raises NoExport, with a word of FAULTS.
"""

import codecs
import hashlib
import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.parsers import expat

CHUNK = 256 * 1024
MOST_OF_AN_ITEM = 64 * 1024 * 1024  # characters, with all its comments
MOST_OF_A_TEXT = 1024 * 1024  # more than any text that comes; the rest is not kept
DEEPEST = 12
VERSIONS = ("1.0", "1.1", "1.2")
EARLIEST, DAY = 1990, "%Y-%m-%d %H:%M:%S"
# Numbers of other sites are no longer than this.
LONGEST_NUMBER = 12
_EXPORT = re.compile(r"https?://wordpress\.org/export/\d\.\d/(excerpt/)?")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# An entity in a text in which each “&” stands for itself.
_ENTITY = re.compile(
    r"&amp;(?:((?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)|(\w{1,31};))"
)
_CUT_ENTITY = re.compile(r"&[#\w]{0,32}$")
_NAMESPACES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
}


class NoExport(ValueError):
    """The file is no export that we can read; `fault` is a key of FAULTS."""

    def __init__(self, fault):
        super().__init__(fault)
        self.fault = fault


@dataclass
class WordPressSite:
    """What an export says of its site before its first item."""

    url: str = ""
    title: str = ""
    version: str = ""


@dataclass
class WordPressComment:
    """A comment of an item. The address and the network of its writer are not read."""

    number: int
    name: str
    text: str
    at: datetime | None
    state: str
    kind: str
    parent: int


@dataclass
class ExportedItem:
    """A post, a page, an attachment, or something that never comes, like a menu."""

    number: int = 0
    kind: str = ""
    title: str = ""
    link: str = ""
    name: str = ""
    status: str = ""
    at: datetime | None = None
    content: str = ""
    excerpt: str = ""
    parent: int = 0
    takes_comments: bool = True
    has_password: bool = False
    file: str = ""
    alt: str = ""
    picture: int = 0
    comments: list = field(default_factory=list)


def items(file):
    """The site, and then each item of an open binary file."""
    reader = _Reader()
    told = False
    for text in _texts(file):
        reader.feed(text)
        if not told and (reader.found or reader.is_over):
            yield reader.site_told()
            told = True
        yield from reader.take()
    reader.close()
    if not told:
        yield reader.site_told()
    yield from reader.take()


def _texts(file):
    """The text of the file in pieces, each of which XML may hold."""
    start = file.read(CHUNK)
    decoder = codecs.getincrementaldecoder(_encoding_of(start))(_BY_WINDOWS)
    left, chunk = "", start
    while chunk:
        text = left + decoder.decode(chunk)
        cut = _CUT_ENTITY.search(text)
        left = cut[0] if cut else ""
        yield _mended(text[: cut.start()] if cut else text)
        chunk = file.read(CHUNK)
    yield _mended(left + decoder.decode(b"", final=True))


def _mended(text):
    text = _NOT_XML.sub("", text.replace("\ufeff", ""))
    return _ENTITY.sub(_as_xml, text.replace("&", "&amp;"))


def _as_xml(found):
    """“&nbsp;” as XML knows it; an “&” that begins no entity stands for itself."""
    if found[1]:
        return f"&{found[1]}"
    known = html.entities.html5.get(found[2], "")
    return "".join(f"&#{ord(letter)};" for letter in known) or found[0]


def _encoding_of(start):
    """UTF-8, whatever the file says of itself, or UTF-16 by its first bytes."""
    is_wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return "utf-16" if is_wide else "utf-8"


def _by_windows(error):
    """Bytes that are not of the encoding, as the one of Windows has them."""
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


_BY_WINDOWS = "campaign_site.by_windows"
codecs.register_error(_BY_WINDOWS, _by_windows)


class _Reader:
    """Follows the tags of the file, and keeps what stands in those of an item."""

    def __init__(self):
        self.site, self.found, self.is_over = WordPressSite(), [], False
        self._path, self._text, self._size, self._room = [], [], 0, 0
        self._item = self._comment = self._meta = None
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data

    def feed(self, text):
        self._parse(text.encode(), is_final=False)

    def close(self):
        self._parse(b"", is_final=True)
        if not self.site.version:
            raise NoExport("other")

    def take(self):
        found, self.found = self.found, []
        return found

    def site_told(self):
        if self.site.version not in VERSIONS:
            raise NoExport("version" if self.site.version else "other")
        return self.site

    def _parse(self, data, *, is_final):
        try:
            self._parser.Parse(data, is_final)
        except expat.ExpatError:
            broken = self.site.version or self._path
            raise NoExport("broken" if broken else "other") from None

    def _refuse(self, *_declared):
        raise NoExport("entities")

    def _start(self, name, _attributes):
        name = _short(name)
        if not self._path and name != "rss":
            raise NoExport("other")
        self._path.append(name)
        if len(self._path) > DEEPEST:
            raise NoExport("deep")
        self._text, self._room = [], MOST_OF_A_TEXT
        if self._path == ["rss", "channel", "item"]:
            self._item, self._size = {"comments": []}, 0
        elif self._item is not None and name == "wp:comment":
            self._comment = {}
        elif self._item is not None and name == "wp:postmeta":
            self._meta = {}

    def _data(self, text):
        self._size += len(text)
        if self._size > MOST_OF_AN_ITEM:
            raise NoExport("item")
        if self._room > 0:
            self._text.append(text)
            self._room -= len(text)

    def _end(self, _name):
        name, depth = self._path.pop(), len(self._path)
        text, self._text = "".join(self._text), []
        if self._item is None:
            self._size = 0
            self._note_site(name, text, depth)
        elif depth == 2:
            self.found.append(_item(self._item))
            self._item = self._comment = self._meta = None
        elif name == "wp:comment" and self._comment is not None:
            self._item["comments"].append(self._comment)
            self._comment = None
        elif name == "wp:postmeta" and self._meta is not None:
            key = self._meta.get("wp:meta_key", "")
            self._item.setdefault(f"meta {key}", self._meta.get("wp:meta_value", ""))
            self._meta = None
        elif self._comment is not None and depth == 4:
            self._comment.setdefault(name, text)
        elif self._meta is not None and depth == 4:
            self._meta.setdefault(name, text)
        elif depth == 3:
            self._item.setdefault(name, text)

    def _note_site(self, name, text, depth):
        if name == "channel":
            self.is_over = True
        elif depth == 2:
            match name:
                case "wp:wxr_version":
                    self.site.version = text.strip()
                case "title":
                    self.site.title = line(text)
                case "wp:base_blog_url":
                    self.site.url = text.strip()
                case "link":
                    self.site.url = self.site.url or text.strip()


def _short(name):
    """“wp:post_id”, whatever the file calls its namespaces."""
    space, _blank, local = name.rpartition(" ")
    if export := _EXPORT.fullmatch(space):
        return f"excerpt:{local}" if export[1] else f"wp:{local}"
    return _NAMESPACES.get(space, f"{space} " if space else "") + local


def _item(found):
    def get(name):
        return found.get(name, "").strip()

    link, guid = get("link"), get("guid")
    known = f"{guid or link}\n{get('title')}\n{get('pubDate')}"
    dates = get("wp:post_date_gmt"), get("wp:post_date"), get("pubDate")
    at = _moment(*dates)
    return ExportedItem(
        number=_number(get("wp:post_id")) or _made_number(known),
        kind=get("wp:post_type") or "post",
        title=line(found.get("title", "")),
        link=html.unescape(link),
        name=get("wp:post_name"),
        status=get("wp:status") or "publish",
        at=at,
        content=found.get("content:encoded", ""),
        excerpt=found.get("excerpt:encoded", ""),
        parent=_number(get("wp:post_parent")),
        takes_comments=get("wp:comment_status") != "closed",
        has_password=bool(get("wp:post_password")),
        file=html.unescape(get("wp:attachment_url")),
        alt=line(found.get("meta _wp_attachment_image_alt", "")),
        picture=_number(get("meta _thumbnail_id")),
        comments=[_comment(each, at) for each in found["comments"]],
    )


def _comment(found, written_at):
    def get(name):
        return found.get(f"wp:comment_{name}", "").strip()

    at = _moment(get("date_gmt"), get("date")) or written_at
    name, text = line(get("author")), get("content")
    return WordPressComment(
        number=_number(get("id")) or _made_number(f"{get('date')}\n{name}\n{text}"),
        name=name,
        text=text,
        at=at,
        state=get("approved"),
        kind=get("type"),
        parent=_number(get("parent")),
    )


def _number(text):
    is_one = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_one else 0


def _made_number(text):
    """A number for what has none, the same one each time, and below those of others."""
    return -int(hashlib.sha256(text.encode()).hexdigest()[:12], 16)


def _moment(*written):
    """The first of these that is a date; what lies ahead or long back is none."""
    for text in written:
        try:
            at = datetime.strptime(text, DAY).replace(tzinfo=UTC)
        except ValueError:
            at = _of_mail(text)
        if at and at.year >= EARLIEST:
            return at
    return None


def _of_mail(text):
    try:
        at = parsedate_to_datetime(text)
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def line(text):
    """A line without formatting code, as WordPress shows titles and names."""
    return " ".join(html.unescape(re.sub(r"<[^<>]{1,500}>", "", text)).split())
