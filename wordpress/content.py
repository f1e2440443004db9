"""The content of a post as our editor writes it: paragraphs, lists, links, quotations.

Whatever else stands there becomes a paragraph or a link, or is left out and named. The
field of the model cleans the result once more, so that nothing here has to be trusted.
"""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_LINE_BREAK = re.compile(r"(?:(?<![ \t])[ \t]+)?\n[ \t]*(?=\S)")
_CAPTION = re.compile(
    r"\[(?:wp_)?caption\b[^\]]{0,500}\](.{0,3000}?)\[/(?:wp_)?caption\]", re.DOTALL
)
_GALLERY = re.compile(r"\[gallery\b([^\]]{0,3000})\]")
_EMBED = re.compile(
    r"\[(?:embed|youtube|vimeo|video|audio|playlist|soundcloud)\b([^\]]{0,500})\]"
    r"(?:(https?://[^\s\[\]]{1,500})\s?\[/\w{1,20}\])?|\[/(?:embed|video|audio)\]"
)
_IDS = re.compile(r"""\bids=["']?([\d,\s]+)""")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\[\]]+")
_ALONE = re.compile(r"(?m)^[ \t]*(https?://[^\s<>\"'\[\]]+)[ \t]*$")
_SHORTCODE = re.compile(
    r"\[/?([a-z][a-z0-9]{0,30}[-_][a-z0-9_-]{1,40})\b[^\]]{0,500}\]"
)
PLACE = re.compile(r"<p>\[picture (\d+)\]</p>")
_PICTURE = re.compile(r"wp-image-(\d{1,12})\b")
_INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em"}
_BLOCKS = {
    **{"p": "p", "div": "p", "section": "p", "article": "p", "pre": "p", "dd": "p"},
    **{"address": "p", "tr": "p", "figcaption": "p", "summary": "p", "dt": "p"},
    **{"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"},
}
_KEPT = ("ul", "ol", "li", "blockquote")
_DROPPED = {
    "script",
    "style",
    "template",
    "noscript",
    "object",
    "svg",
    "select",
    "form",
}
_EMBEDDED = {"iframe", "embed", "video", "audio", "source"}
_SAFE = ("http", "https", "mailto")


@dataclass
class PlacedPicture:
    """A picture in the content: its address, and what is said of it there."""

    address: str
    number: int = 0
    alt: str = ""
    caption: str = ""


@dataclass
class Converted:
    """The content as HTML of ours, its pictures in their order, and what is lost.

    A picture stands as a paragraph “[picture 1]”, with the number of its place.
    """

    html: str = ""
    pictures: list[PlacedPicture] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def words(self):
        """The HTML without its pictures."""
        return PLACE.sub("", self.html)


def convert(content, gallery=()):
    """What the content of a post becomes.

    `gallery` are the numbers of the pictures that were added to the post: a gallery
    that names none shows these.
    """
    found = Converted()
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    text = _CAPTION.sub(lambda one: f"<figure>{one[1]}</figure>", text)
    text = _GALLERY.sub(lambda one: _as_pictures(one, gallery), text)
    text = _EMBED.sub(_as_link, text)
    text = _SHORTCODE.sub(lambda one: _lose(found, one[1]), text)
    is_blocks = "<!-- wp:" in text
    text = _without_comments(text)
    text = _ALONE.sub(lambda one: _link(html.unescape(one[1])), text)
    converter = _Converter(found, keeps_lines=not is_blocks)
    for part in _PARAGRAPHS.split(text):
        converter.feed(part)
        converter.end_paragraph()
    converter.close()
    found.html = converter.result()
    return found


def plain(content):
    """The text of a comment, which WordPress keeps with some formatting code."""
    parser = _Plain()
    parser.feed(content)
    parser.close()
    text = re.sub(r"(?<![ \t])[ \t]+\n", "\n", "".join(parser.parts))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def is_safe(address):
    """Whether a link may lead there."""
    try:
        return urlsplit(address.strip()).scheme.lower() in _SAFE
    except ValueError:
        return False


def _without_comments(text):
    """Without “<!-- … -->”, which holds what blocks are, and where a page ends."""
    first, *rest = text.split("<!--")
    parts = [first]
    for part in rest:
        _said, end, after = part.partition("-->")
        parts.append(after if end else part)
    return "\n\n".join(parts)


def _as_pictures(found, gallery):
    ids = _IDS.search(found[1])
    numbers = re.findall(r"\d{1,12}", ids[1]) if ids else gallery
    return "".join(f'<img class="wp-image-{number}">' for number in numbers)


def _as_link(found):
    address = found[2] or next(iter(_ADDRESS.findall(found[1] or "")), "")
    return _link(html.unescape(address)) if address else ""


def _link(address):
    shown = html.escape(address)
    return f'\n\n<p><a href="{shown}">{shown}</a></p>\n\n'


def _lose(found, name):
    if name not in found.lost:
        found.lost.append(name[:40])
    return ""


class _Converter(HTMLParser):
    """Writes what it is fed as blocks of ours; text outside of any is a paragraph."""

    def __init__(self, found, *, keeps_lines):
        super().__init__()
        self.found, self.keeps_lines = found, keeps_lines
        self._parts, self._open, self._block = [], [], ""
        self._inline, self._dropped, self._waiting = [], [], []
        self._in_caption = self._in_figure = False

    def result(self):
        self._end_block()
        while self._open:
            self._parts.append(f"</{self._open.pop()}>")
        self._place_waiting()
        text = re.sub(
            r'<a href="[^"<>]*"></a>|<(strong|em)></\1>', "", "".join(self._parts)
        )
        return re.sub(r"<(p|h2|h3|li)>(?:\s|<br>)*</\1>", "", text)

    def end_paragraph(self):
        if self._block == "p" and not self._inline:
            self._end_block()

    def handle_starttag(self, tag, attributes):
        said = {name: value or "" for name, value in attributes}
        if self._dropped:
            if tag == self._dropped[-1]:
                self._dropped.append(tag)
        elif tag in _DROPPED:
            self._dropped.append(tag)
            _lose(self.found, tag)
        elif tag == "img":
            self._picture(said)
        elif tag in _EMBEDDED:
            self._embedded(said.get("src", ""))
        elif tag == "a" or tag in _INLINE:
            self._begin_inline(tag, said.get("href", "").strip())
        elif tag in _KEPT:
            self._begin_kept(tag)
        else:
            self._begin_other(tag)

    def _begin_inline(self, tag, href):
        self._begin_block()
        if tag != "a":
            self._inline.append(_INLINE[tag])
            self._parts.append(f"<{_INLINE[tag]}>")
        elif is_safe(href):
            self._inline.append("a")
            self.found.links.append(href)
            self._parts.append(f'<a href="{html.escape(href)}">')
        else:
            self._inline.append("")

    def _begin_kept(self, tag):
        self._end_block()
        if tag == "li" and not {"ul", "ol"} & {*self._open}:
            return
        if tag == "li" and self._open[-1] == "li":
            self._parts.append(f"</{self._open.pop()}>")
        self._parts.append(f"<{tag}>")
        self._open.append(tag)

    def _begin_other(self, tag):
        if tag == "br":
            self._parts += ["<br>"] if self._block else []
        elif tag in ("td", "th"):
            if self._block and not self._parts[-1].endswith("<p>"):
                self._parts.append(" | ")
        elif tag in ("figure", "table", "hr"):
            self._end_block()
            self._in_figure = tag == "figure"
        elif tag in _BLOCKS:
            self._end_block()
            if tag == "figcaption" and self._waits_for_caption():
                self._in_caption = True
            else:
                self._begin_block(_BLOCKS[tag])

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in ("img", "br", "hr", *_EMBEDDED):
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if self._dropped:
            if tag == self._dropped[-1]:
                self._dropped.pop()
        elif tag == "a" or tag in _INLINE:
            wanted = _INLINE.get(tag, "a")
            if self._inline and self._inline[-1] in (wanted, ""):
                self._end_inline()
        elif tag in _KEPT:
            self._end_block()
            if tag in self._open:
                while (closed := self._open.pop()) != tag:
                    self._parts.append(f"</{closed}>")
                self._parts.append(f"</{tag}>")
            self._place_waiting()
        elif tag == "figure":
            self._end_block()
            self._in_figure = self._in_caption = False
        elif tag == "figcaption":
            self._end_block()
            self._in_caption = False
        elif tag in _BLOCKS:
            self._end_block()

    def handle_data(self, data):
        if self._dropped:
            return
        if self._in_caption or (self._in_figure and self._waits_for_caption()):
            if data.strip():
                last = self.found.pictures[-1]
                last.caption = " ".join(f"{last.caption} {data}".split())[:300]
            return
        if not data.strip() and not self._block:
            return
        self._begin_block()
        text = html.escape(data, quote=False)
        if self.keeps_lines and self._block == "p":
            text = _LINE_BREAK.sub("<br>", text.strip("\n"))
        self._parts.append(text)

    def _begin_block(self, tag="p"):
        if self._block or (self._open and self._open[-1] in ("ul", "ol")):
            return
        self._block = tag
        self._parts.append(f"<{tag}>")

    def _end_block(self):
        while self._inline:
            self._end_inline()
        if self._block:
            self._parts.append(f"</{self._block}>")
            self._block = ""
        self._place_waiting()

    def _end_inline(self):
        if closed := self._inline.pop():
            self._parts.append(f"</{closed}>")

    def _embedded(self, address):
        address = f"https:{address}" if address.startswith("//") else address
        if not is_safe(address):
            return
        self._end_block()
        self.found.links.append(address)
        shown = html.escape(address)
        self._parts.append(f'<p><a href="{shown}">{shown}</a></p>')

    def _picture(self, said):
        known = _PICTURE.search(said.get("class", ""))
        address = said.get("src", "").strip()
        if not (address or known):
            return
        picture = PlacedPicture(
            address=address,
            number=int(known[1]) if known else 0,
            alt=" ".join(said.get("alt", "").split())[:300],
        )
        self.found.pictures.append(picture)
        self._waiting.append(len(self.found.pictures))
        if not self._open:
            self._end_block()

    def _place_waiting(self):
        """Pictures stand beside lists and quotations, and never in them."""
        if self._open or self._block:
            return
        for number in self._waiting:
            self._parts.append(f"<p>[picture {number}]</p>")
        self._waiting = []

    def _waits_for_caption(self):
        last = self._parts[-1] if self._parts else ""
        return last == f"<p>[picture {len(self.found.pictures)}]</p>"


class _Plain(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts, self._dropped, self._href, self._from = [], "", "", 0

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "style"):
            self._dropped = tag
        elif tag == "br":
            self.parts.append("\n")
        elif tag in ("p", "div", "blockquote", "ul", "ol", "pre"):
            self.parts.append("\n\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "a":
            href = (dict(attributes).get("href") or "").strip()
            self._href = href if href.startswith(("http://", "https://")) else ""
            self._from = len(self.parts)

    def handle_endtag(self, tag):
        if tag == self._dropped:
            self._dropped = ""
        elif tag == "a" and self._href:
            if self._href not in "".join(self.parts[self._from :]):
                self.parts.append(f" ({self._href})")
            self._href = ""
        elif tag in ("p", "blockquote", "ul", "ol"):
            self.parts.append("\n\n")

    def handle_data(self, data):
        if not self._dropped:
            self.parts.append(data)
