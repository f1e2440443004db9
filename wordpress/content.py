"""The content of a post as our editor writes it: paragraphs, lists, links, quotations.

Whatever else stands there becomes a paragraph or a link, or is left out and named. The
field of the model cleans the result once more, so that nothing here has to be trusted.
"""

import html
import re
from dataclasses import dataclass, field

import nh3

from campaigns.text import as_text

# Neither looks further than the next one begins: a file may hold very many.
_CAPTION = re.compile(
    r"\[caption\b[^\]]{0,500}\]((?:(?!\[caption).){0,3000}?)\[/caption\]", re.DOTALL
)
_FIGURE = re.compile(
    r"<figure\b[^<>]{0,500}>((?:(?!<figure).){0,5000}?)</figure>", re.DOTALL | re.I
)
_GALLERY = re.compile(r"\[gallery\b([^\]]{0,3000})\]")
_IDS = re.compile(r"""\bids=["']?([\d,\s]+)""")
_EMBED = re.compile(
    r"\[(?:embed|youtube|vimeo|video|audio|playlist|soundcloud)\b([^\]]{0,500})\]"
    r"(?:(https?://[^\s\[\]]{1,500})\s?\[/\w{1,20}\])?|\[/(?:embed|video|audio)\]"
)
_PLAYER = re.compile(r"<(?:iframe|embed|video|audio|source)\b([^<>]{0,2000})>", re.I)
_ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'<>\[\]]+")
_ALONE = re.compile(r"(?m)^[ \t]*(https?://[^\s<>\"'\[\]]+)[ \t]*$")
_SHORTCODE = re.compile(
    r"\[/?([a-z][a-z0-9]{0,30}[-_][a-z0-9_-]{1,40})\b[^\]]{0,500}\]"
)
_LINE_BREAK = re.compile(r"(?:<br ?/?>)?(?:(?<![ \t])[ \t]+)?\n[ \t]*", re.I)
_IMAGE = re.compile(
    r"(?:<a\b[^<>]{0,2000}>\s*)?<img\b([^<>]{0,5000})>(?:\s*</a>)?", re.I
)
_SAID = re.compile(
    r"""\b(src|alt|class)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I
)
_NUMBER = re.compile(r"\bwp-image-(\d{1,12})\b")
PLACE = re.compile(r"<p>\[picture (\d+)\]</p>")
_DECORATED = re.compile(
    r"<p>(?:<(?:a|em|strong)\b[^<>]*>)+(\[picture \d+\])(?:</(?:a|em|strong)>)+</p>"
)
# What a tag of theirs is here, where we have another for it.
_OURS = {
    **{"b": "strong", "i": "em", "cite": "em"},
    **{"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "th": "td"},
    **dict.fromkeys(("div", "section", "article", "pre", "dd", "dt", "tr"), "p"),
    **dict.fromkeys(("address", "figcaption", "summary"), "p"),
}
_TAG = re.compile(rf"<(/?)({'|'.join(_OURS)})\b", re.I)
_CELLS = re.compile(r"</td>\s*<td\b[^<>]{0,500}>", re.I)
_BEGINS = re.compile(r"(?=<(?:p|h2|h3|ul|ol|li|blockquote)\b)", re.I)
_ENDS = re.compile(r"(</(?:p|h2|h3|ul|ol|li|blockquote)>|<blockquote\b[^<>]*>)", re.I)
_IS_BLOCK = re.compile(r"\s*</?(?:h2|h3|ul|ol|li|blockquote)\b", re.I)
_KEPT = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br"}
_DROPPED = {
    *("script", "style", "template", "noscript", "object", "svg", "select", "form")
}
_IS_DROPPED = re.compile(rf"<({'|'.join(sorted(_DROPPED))})\b", re.I)
# Other tags go before the text is parsed, which takes long for very many in each other.
_OTHER = re.compile(
    rf"</?(?!(?:{'|'.join(sorted(_KEPT | _DROPPED))})\b)[a-z][^<>]{{0,2000}}>", re.I
)
_SAFE = {"http", "https", "mailto"}
_EMPTY = re.compile(r"<(p|h2|h3|li|strong|em|a)\b[^<>]*>(?:\s|&nbsp;|<br>)*</\1>")
# To parse what is nested takes the square of its depth.
_NESTS = re.compile(r"</?(?:ul|ol|li|blockquote)\b[^<>]{0,2000}>", re.I)
MOST_NESTS = 4000
_AROUND = re.compile(r"</?(?:ul|ol|blockquote)>")
_NESTED = re.compile(rf"({_AROUND.pattern}|<p>\[picture \d+\]</p>)")


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

    @property
    def words(self):
        """The HTML without its pictures."""
        return PLACE.sub("", self.html)

    def place(self, said, caption=""):
        """Note a picture by the attributes of its tag; returns what stands there."""
        found = _SAID.findall(said)
        given = {name.lower(): "".join(values) for name, *values in found}
        number = _NUMBER.search(given.get("class", ""))
        address = html.unescape(given.get("src", "")).strip()
        if not (address or number):
            return ""
        alt = " ".join(html.unescape(given.get("alt", "")).split())
        picture = PlacedPicture(
            address, int(number[1]) if number else 0, alt[:300], caption[:300]
        )
        self.pictures.append(picture)
        return f"\n\n<p>[picture {len(self.pictures)}]</p>\n\n"

    def lose(self, name):
        if name not in self.lost:
            self.lost.append(name[:40])
        return ""


def convert(content, gallery=()):
    """What the content of a post becomes.

    `gallery` are the numbers of the pictures that were added to the post: a gallery
    that names none shows these.
    """
    found = Converted()
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    keeps_lines = "<!-- wp:" not in text
    text = _without_comments(text)
    text = _CAPTION.sub(r"<figure>\1</figure>", text)
    text = _GALLERY.sub(lambda one: _as_pictures(one, gallery), text)
    text = _EMBED.sub(lambda one: _as_link(one[2] or one[1] or ""), text)
    text = _PLAYER.sub(lambda one: _as_link(one[1]), text)
    text = _SHORTCODE.sub(lambda one: found.lose(one[1]), text)
    text = _ALONE.sub(lambda one: _as_link(one[1]), text)
    for one in _IS_DROPPED.findall(text):
        found.lose(one.lower())
    text = _FIGURE.sub(lambda one: _figure(found, one[1]), text)
    text = _IMAGE.sub(lambda one: found.place(one[1]), text)
    text = _OTHER.sub("", _CELLS.sub(" | ", _in_our_tags(text)))
    text = _cleaned(_in_paragraphs(text, keeps_lines=keeps_lines))
    found.html = _beside(_DECORATED.sub(r"<p>\1</p>", text))
    return found


def is_nested_too_deeply(content):
    return len(_NESTS.findall(content)) > MOST_NESTS


def plain(content):
    """The text of a comment, which WordPress keeps with some formatting code."""
    return as_text(
        nh3.clean(
            _NESTS.sub("\n\n", _OTHER.sub("", _in_our_tags(content))),
            tags={"p", "a", "br"},
            clean_content_tags={"script", "style"},
            attributes={"a": {"href"}, "*": set()},
            url_schemes={"http", "https"},
            link_rel=None,
        )
    )


def _in_our_tags(text):
    return _TAG.sub(lambda one: f"<{one[1]}{_OURS[one[2].lower()]}", text)


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


def _as_link(said):
    """A paragraph with a link to the first address in a text, if it has one."""
    address = _ADDRESS.search(html.unescape(said))
    if not address:
        return ""
    shown = html.escape(re.sub("^//", "https://", address[0]))
    return f'\n\n<p><a href="{shown}">{shown}</a></p>\n\n'


def _figure(found, inside):
    """Its pictures, of which the last has what else is said there as its caption."""
    *others, last = _IMAGE.findall(inside) or [None]
    if last is None:
        return inside
    caption = as_text(nh3.clean(_IMAGE.sub("", inside), tags=set()))
    places = [found.place(one) for one in others]
    return "".join([*places, found.place(last, " ".join(caption.split()))])


def _in_paragraphs(text, *, keeps_lines):
    """With a paragraph around what stands between empty lines, and outside of blocks.

    A single line break is one for the reader, too, where no blocks say how it looks.
    """
    text = _ENDS.sub(r"\1\n\n", _BEGINS.sub("\n\n", text))
    parts = []
    for part in re.split(r"\n[ \t]*\n\s*", text):
        if _IS_BLOCK.match(part):
            parts.append(part)
            continue
        said = part.strip()
        if keeps_lines:
            said = _LINE_BREAK.sub("<br>", said)
        parts.append(said if re.match(r"</?p\b", said, re.I) else f"<p>{said}")
    return "".join(parts)


def _cleaned(text):
    text = nh3.clean(
        text,
        tags=_KEPT,
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}, "*": set()},
        url_schemes=_SAFE,
        link_rel=None,
    )
    text = re.sub(r"<a>(.*?)</a>", r"\1", text, flags=re.DOTALL)
    for _within in range(4):
        text = _EMPTY.sub("", text)
    return text.strip()


def _beside(text):
    """Pictures stand beside lists and quotations, and never in them."""
    depth, parts, waiting = 0, [], []
    for part in _NESTED.split(text):
        if depth and PLACE.fullmatch(part):
            waiting.append(part)
            continue
        if _AROUND.fullmatch(part):
            depth += -1 if part.startswith("</") else 1
        parts.append(part)
        if not depth:
            parts += waiting
            waiting = []
    return "".join(parts + waiting)
