"""Fill in a form of the admin as a browser does: read it, change it, send it."""

import re
from html.parser import HTMLParser

# Of a page of staff, a tenth is fields; the rest is not looked at.
_FIELDS = re.compile(
    r"<textarea\b.*?</textarea>|</?(?:input|select|option|button)\b[^>]*>", re.DOTALL
)


class _Fields(HTMLParser):
    """What a browser would send back of a page's forms."""

    def __init__(self, text):
        super().__init__()
        self.sent, self.select, self.area = {}, None, None
        self.names = set()
        text = text.replace("\r\n", "\n")  # as a browser reads it
        self.feed("".join(_FIELDS.findall(text)))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        name, value = found.get("name"), found.get("value") or ""
        self.names.add(name)
        if tag == "select" and name:
            self.select, self.is_first = name, True
            self.sent[name] = ""
        elif tag == "option" and self.select:
            if self.is_first or "selected" in found:
                self.sent[self.select] = value
            self.is_first = False
        elif tag == "textarea" and name:
            self.area = name
            self.sent[name] = ""
        elif tag == "input" and name and is_sent(found):
            self.sent[name] = value

    def handle_endtag(self, tag):
        if tag == "textarea":
            # Browsers drop the first line feed, and send line breaks as CRLF.
            text = self.sent[self.area].removeprefix("\n") if self.area else ""
            self.sent[self.area] = text.replace("\n", "\r\n")
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.area:
            self.sent[self.area] += data


def is_sent(found):
    kind = found.get("type")
    return kind not in ("submit", "search") and (
        kind not in ("checkbox", "radio") or "checked" in found
    )


def fields_of(page):
    """The fields of a page's forms as a browser would send them."""
    return _Fields(page.text).sent


def fields_of_file(page):
    """What the form sends that takes in a file which was read, and not the form below.

    It is sent in parts: a name of three letters in Korean has 27 bytes otherwise, and
    a file of the size that we take would be too large a form.
    """
    [form, *_read_another] = re.findall(
        r'<form method="post" enctype="multipart/form-data"[^>]*>.*?</form>',
        page.text,
        re.DOTALL,
    )
    return _Fields(form).sent


def fill_in(client, path, **changes):
    """Open a form of the admin, change these fields and save it."""
    opened = client.get(path)
    assert opened.status_code == 200
    form = _Fields(opened.text)
    # A new row's fields are made by a script; all others stand on the page.
    assert {name for name in changes if "-" not in name} <= form.names
    return client.post(path, {**form.sent, **changes})


def run_action(client, path, action, *rows, across=False):
    """Choose rows of a list and an action, and see what the list then says.

    `across` chooses all that the list finds, on all its pages.
    """
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(path, data | {"select_across": int(across)}, follow=True)


def decide(client, path, action, *rows, opened=None):
    """The same, and press the button of the forecast that it leads to."""
    opened = opened or run_action(client, path, action, *rows)
    fields = fields_of(opened)
    fields["_selected_action"] = [row.pk for row in rows]
    return client.post(path, fields, follow=True)


def change_page(path, row):
    """Where a row of this list is changed."""
    return f"{path}{row.pk}/change/"
