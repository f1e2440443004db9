"""Rich text as plain text, for mails that show no HTML."""

from html.parser import HTMLParser

_BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote"}


class _Plain(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts, self.href, self.lists = [], None, []

    def handle_starttag(self, tag, attributes):
        if tag == "br":
            self.parts.append("\n")
        elif tag == "a":
            self.href = dict(attributes).get("href")
            self.anchor = len(self.parts)
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else None)
            self.parts.append("\n\n")
        elif tag == "li":
            self.parts.append(f"\n{self._mark()} ")
        elif tag in _BLOCKS and not self.lists:
            self.parts.append("\n\n> " if tag == "blockquote" else "\n\n")

    def handle_endtag(self, tag):
        if tag == "a" and self.href:
            address = self.href.removeprefix("mailto:")
            if address not in "".join(self.parts[self.anchor :]):
                self.parts.append(f" ({address})")
            self.href = None
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
            self.parts.append("\n\n")

    def handle_data(self, data):
        self.parts.append(data if data.strip() else " ")

    def _mark(self):
        if self.lists and self.lists[-1] is not None:
            self.lists[-1] += 1
            return f"{self.lists[-1]}."
        return "-"


def as_text(html):
    """Rich text as plain text, with marks for lists and addresses for links."""
    plain = _Plain()
    plain.feed(html)
    plain.close()
    lines = [line.strip() for line in "".join(plain.parts).split("\n")]
    text = "\n".join(lines).replace("> \n\n", "> ").replace(">\n\n", "> ")
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()
