"""The mail that brings updates to a follower.

Mails to very many followers differ in little: address, first name, Message-ID and the
keys that stop them. So each kind of mail is written and encoded once, and these are put
in. To write each mail anew would take 5 ms of CPU, more than all the rest of sending
it.
"""

import re
from copy import copy
from html import escape

from campaigns.models.text import localize
from campaigns.models.update import tell_updates
from outbox import mail
from pages.addresses import absolute_reverse
from supporters.follow.frequency import Frequency

# It is as long as a key and of the same letters, but nobody's key: {} is a digit.
_PLACE = "here-stands-key-no-{}--"
# The place of the key that signs the next petition: a link that stops holds another.
_NEXT = "here-stands-a-key-to-sign"
# Places of the first name, in the text and in the HTML.
_NAME, _NAME_IN_HTML = "here-stands-a-first-name", "here-stands-a-name-in-html"
_LONGEST_NAME = 40
_MOST_WAYS = 10
_HEADERS = """\
To: {to}\r
Message-ID: {message_id}\r
List-Unsubscribe: <{stop_url}>\r
List-Unsubscribe-Post: List-Unsubscribe=One-Click\r
"""


class UpdateMail:
    """Writes the mails of a slice, and keeps what many of them have in common."""

    def __init__(self):
        self._kinds, self._in_languages = {}, {}

    def bytes_for(self, mail, updates, follows, owner, name=""):
        """The mail with these updates, for the follows by which they come.

        Whoever has a first name here is greeted by it; a very long one is none.
        """
        name = name if len(name) <= _LONGEST_NAME else ""
        language = owner.language_of_mails(follows[0].language)
        # Hardly anybody follows in more ways than this; the link below stops all of
        # them.
        shown = follows[:_MOST_WAYS]
        kind = (
            language,
            tuple((update.pk, update.updated_at) for update in updates),
            tuple((f.campaign_id, f.frequency, f.only_outcome) for f in shown),
            bool(name),
        )
        if kind not in self._kinds:
            said = self._told(updates, language)
            self._kinds[kind] = _Template(said, shown, language, bool(name))
        first = follows[0]
        stop_url = first.stop_url if len(follows) == 1 else first.stop_all_url
        headers = _HEADERS.format(
            to=_one_line(mail.email), message_id=mail.message_id, stop_url=stop_url
        )
        return headers.encode("ascii") + self._kinds[kind].filled(shown, name)

    def _told(self, updates, language):
        """These updates as they are in a language, read once for all kinds of mails."""
        known = language, tuple(update.pk for update in updates)
        if known not in self._in_languages:
            self._in_languages[known] = told(updates, language)
        return self._in_languages[known]


def told(updates, language):
    """Copies of these updates that say what they have in a language.

    So do their campaigns, and what they propose to sign next.
    """
    copies = [copy(update) for update in updates]
    for update in copies:
        update.campaign, update.follow_up = (
            copy(update.campaign),
            copy(update.follow_up),
        )
    localize([update.campaign for update in copies], language)
    localize([update.follow_up for update in copies], language)
    tell_updates(copies, language)
    return copies


class _Template:
    """An encoded mail without the headers that differ, and with places for keys.

    The encoding breaks long lines (RFC 2045, 6.7), even within a place. A key has the
    length of its place and needs no encoding itself, so it is put in around the break.
    """

    def __init__(self, updates, follows, language, has_name):
        parts = _rendered(updates, follows, language, has_name)
        campaigns = {update.campaign for update in updates}
        message = mail.message(
            "nobody@example.org",
            *parts,
            kind="update",
            campaign=campaigns.pop() if len(campaigns) == 1 else None,
        )
        message.extra_headers["List-Id"] = mail.list_id("update")
        written = message.message(policy=mail.POLICY)
        del written["To"], written["Message-ID"]
        for part in written.walk():
            if part.get_content_maintype() == "text":
                # Otherwise other scripts come as base64, in which no place can be
                # found.
                part.set_content(
                    part.get_content(),
                    subtype=part.get_content_subtype(),
                    cte="quoted-printable",
                )
        self._pieces = []
        self._split(written.as_bytes(), len(follows))

    def filled(self, follows, name):
        keys = [follow.key.encode() for follow in follows]
        names = {_NAME: _encoded(name), _NAME_IN_HTML: _encoded(escape(name))}
        if _NEXT in self._pieces:
            names[_NEXT] = f"=\r\n{follows[0].next_key}=\r\n".encode("ascii")
        return b"".join(
            piece
            if isinstance(piece, bytes)
            else names[piece]
            if isinstance(piece, str)
            else keys[piece[0]][piece[1]]
            for piece in self._pieces
        )

    def _split(self, content, ways):
        places = [*(_PLACE.format(number) for number in range(ways))]
        places += [_NAME, _NAME_IN_HTML, _NEXT]
        broken = "|".join("(?:=\r\n)?".join(map(re.escape, one)) for one in places)
        end = 0
        for found in re.finditer(broken.encode(), content):
            self._pieces.append(content[end : found.start()])
            self._place(found[0])
            end = found.end()
        self._pieces.append(content[end:])

    def _place(self, found):
        """A place, in one part or in two with a break between."""
        before, cut, after = found.partition(b"=\r\n")
        if (whole := (before + after).decode()) in (_NAME, _NAME_IN_HTML, _NEXT):
            self._pieces.append(whole)
            return
        number = int((before + after).decode().rstrip("-")[-1])
        self._pieces.append((number, slice(0, len(before))))
        if cut:
            self._pieces += [cut, (number, slice(len(before), None))]


def _encoded(name):
    """A name in quoted-printable, on lines of its own, which a reader sees as one."""
    signs = [
        sign if sign.isascii() and sign.isalpha() else _by_number(sign) for sign in name
    ]
    lines = [signs[start : start + 5] for start in range(0, len(signs), 5)]
    broken = "".join("=\r\n" + "".join(line) for line in lines)
    return f"{broken}=\r\n".encode("ascii")


def _by_number(sign):
    return "".join(f"={byte:02X}" for byte in sign.encode())


def _one_line(email):
    """An address as a header takes it; ours were checked when they were typed."""
    if not email.isascii() or re.search(r"[\s<>,]", email):
        raise ValueError("not an address that can stand in a header")
    return email


def sample_update(update, frequency=Frequency.IMMEDIATE):
    """Subject, text and HTML as a follower of its campaign gets them, for staff."""
    from supporters.follow.models import Follow

    campaign = update.campaign
    follow = Follow(
        campaign=campaign, frequency=frequency, language=campaign.language, key="sample"
    )
    said = told([update], campaign.language)
    parts = _rendered(said, [follow], campaign.language, has_name=True)
    for place, said in ((_NAME, "Maria"), (_NAME_IN_HTML, "Maria"), (_NEXT, "sample")):
        parts = [part.replace(place, said) for part in parts]
    return [part.replace(_PLACE.format(0), follow.key) for part in parts]


def _rendered(updates, follows, language, has_name):
    ways = []
    for number, follow in enumerate(follows):
        key = _PLACE.format(number)
        stop_url = absolute_reverse("supporters:cancellation", language, key=key)
        ways.append({"follow": follow, "stop_url": stop_url})
    all_url = absolute_reverse(
        "supporters:cancellation-of-all", language, key=_PLACE.format(0)
    )
    for update in updates:
        update.sign_next_url = _sign_next_url(update.follow_up)
    context = {
        "updates": updates,
        "update": updates[0],
        "name": _NAME if has_name else "",
        "name_in_html": _NAME_IN_HTML if has_name else "",
        "ways": ways,
        "stop_all_url": all_url if len(ways) > 1 else "",
        "campaign": updates[0].campaign if len(updates) == 1 else None,
    }
    return mail.render("update", context, language)


def _sign_next_url(campaign):
    """Where a follower signs a campaign's petition, by the key of their follow."""
    if campaign is None or not campaign.is_open:
        return ""
    return absolute_reverse(
        "petitions:next",
        campaign.read_in,
        slug=campaign.slug,
        key=_NEXT,
    )
