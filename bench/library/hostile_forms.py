"""The public forms, with ordinary input, and the dearest input that each accepts.

Nobody says which that is: it is looked for, form by form, among texts of the letters
that patterns match, addresses, and bodies, each as long as the form allows.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlencode

from library import rows
from library.load import UNIQUE, Connection, Plan
from library.people import LETTER, PERSON

ORDINARY = "ordinary text"
TRIES = 3
# All of eight connections come from it; those of people are below it.
NETWORK = 250
# What is dearer by less may be an accident.
DEARER = 1.05
LONGEST_ADDRESS, LONGEST_UNIQUE = 254, 40
PUMPS = (
    *("o1l ", "oil", "l", "1", "1 ", "0-", "1, ", " ", "\n", "\n\n- "),
    *("& ", "&amp;", "<b ", "<", "[url=", "{{", "a.", "a@", ".com ", "a.co ", "at "),
    *("http://a.co ", "//", "www.", "one ", "dot ", "12 Oak ", "is ", "bet "),
    *(
        "\ufdfa",
        "\u3164",
        "\u115fa",
        "раураӏ ",
        "Kаѕіnо ",
        "가",
        "가 ",
        "a\u0301\u0323",
    ),
    *("\u0130", "\u1e9e", "\U0001f600", "?", "%", "#", "/", "> a\n", "[Your name] "),
)
ADDRESSES = (
    f"{UNIQUE}.{{o.}}o@mail.example",
    f"o@{UNIQUE}.{{l1.}}example",
    f"o@{UNIQUE}.{{가나다.}}example",
    f"o@{UNIQUE}.{{ßı.}}example",
)
BOUNDARY = "b" * 60


@dataclass(frozen=True)
class Form:
    """Where it is sent to, what somebody ordinarily writes, and what fits in it."""

    name: str
    path: str
    ordinary: Mapping[str, str]
    longest: Mapping[str, int] = field(default_factory=dict)
    status: int = 302
    has_bodies: bool = False  # the texts are ordinary, and other bodies are tried

    def plan(self, port, body, content_type=Plan.content_type):
        return Plan(
            self.path,
            self.status,
            body=body,
            content_type=content_type,
            network=NETWORK,
            port=port,
        )

    def ordinary_plan(self, port):
        return self.plan(port, urlencode({"website": "", **self.ordinary}))

    def worst_plan(self, port):
        """The dearest input that is accepted: what it is, and its plan."""
        texts = {
            f"“{pump.encode('unicode_escape').decode()}” in {', '.join(names)}": {
                **self.ordinary,
                **{name: self._filled(name, pump) for name in names},
            }
            for pump in PUMPS
            for names in self._which()
        }
        best, fields = ORDINARY, dict(self.ordinary)
        best, fields = self._dearest(port, best, fields, texts)
        if UNIQUE in fields.get("email", "") and not self.has_bodies:
            addresses = {
                f"{best}, {each.replace(UNIQUE, '…')}": {**fields, "email": address}
                for each in ADDRESSES
                if (address := _long_address(each))
            }
            best, fields = self._dearest(port, best, fields, addresses)
        plans = {}
        for name, body, *kind in bodies(fields) if self.has_bodies else ():
            plans[name] = self.plan(port, body, *kind)
        return _dearest(best, self.plan(port, urlencode(fields)), plans)

    def _which(self):
        """Which fields are filled: all, or the long ones, since names refuse more."""
        long = tuple(name for name, most in self.longest.items() if most > 160)
        return dict.fromkeys(filter(None, (tuple(self.longest), long)))

    def _filled(self, name, pump):
        begun = f"{self.ordinary.get(name, '')}{'?' if name == 'location' else ' '}"
        left = self.longest[name] - len(begun) - LONGEST_UNIQUE * (UNIQUE in begun)
        return begun + (pump * left)[:left]

    def _dearest(self, port, best, fields, others):
        plans = {name: self.plan(port, urlencode(v)) for name, v in others.items()}
        best, _plan = _dearest(best, self.plan(port, urlencode(fields)), plans)
        return best, others.get(best, fields)


def _dearest(best, plan, others):
    """The name and plan of what takes longest, of what is accepted."""
    most = _seconds(plan)
    if most is None:
        raise ValueError(f"{plan.path} does not accept {best}.")
    for name, other in others.items():
        if (seconds := _seconds(other) or 0) > most * DEARER:
            best, plan, most = name, other, seconds
    return best, plan


def _seconds(plan):
    """The least that an answer takes, or None if it is another one."""
    connection, least = Connection(plan.port, NETWORK), None
    for _try in range(TRIES):
        request = plan.request(f"bo-{time.monotonic_ns()}@mail.example")
        begun = time.perf_counter()
        answer = connection.ask(request)
        seconds = time.perf_counter() - begun
        if not plan.accepts(*answer):
            least = None
            break
        least = min(least or seconds, seconds)
    connection.close()
    return least


def bodies(fields):
    """The same fields in other bodies, and what is added to them: name, body, type."""
    from django.conf import settings

    from pages.same_origin import MOST_FIELDS

    most = settings.PUBLIC_FORM_MAX_BYTES - 2000
    plain, parts = urlencode(fields), [_part(*each) for each in fields.items()]
    left = most - len(plain) - LONGEST_UNIQUE * plain.count(UNIQUE)
    for sign in ("&", " ", "\ufdfa", "a"):
        sent = quote_plus(sign)
        yield f"and a field of “{sent}”", f"{plain}&x={sent * (left // len(sent))}"
    number = MOST_FIELDS - len(fields) - 1
    each = f"={'%26' * (left // number // 3 - 4)}"
    many = "".join(f"&f{n:03}{each}" for n in range(number))
    yield f"and {number} fields", plain + many
    multipart = f"multipart/form-data; boundary={BOUNDARY}"
    yield "multipart", _parts(parts), multipart
    left = most - len(_parts(parts).encode()) - LONGEST_UNIQUE * plain.count(UNIQUE)
    value = "\r\n--" * (left // 4)
    yield (
        "multipart, and a part of line ends",
        _parts([*parts, _part("x", value)]),
        (multipart),
    )
    value = "&" * (left // number - 150)
    some = [_part(f"f{n}", value) for n in range(number)]
    yield f"multipart, and {number} parts", _parts([*parts, *some]), multipart
    odd = f"{multipart}; charset*=utf-8''punycode"
    value = _part("x", "0" * left)
    yield "multipart in punycode", _parts([*parts, value]), odd
    coded = "\r\nContent-Transfer-Encoding: base64"
    for name, value in (("blanks", " " * left), ("text", "YWFh" * (left // 4))):
        part = _part("x", value, coded)
        yield f"multipart, and base64 of {name}", _parts([*parts, part]), multipart


def _part(name, value, more=""):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}'
    return f"{head}\r\n\r\n{value}\r\n"


def _parts(parts):
    return f"{''.join(parts)}--{BOUNDARY}--\r\n"


def _long_address(pattern):
    """The address in which what stands in braces stands as often as it fits, or ""."""
    before, rest = pattern.split("{")
    again, after = rest.split("}")
    is_local = "@" in after
    # A domain of another script is longer in the DNS: xn--….
    room = 64 if is_local else LONGEST_ADDRESS if again.isascii() else 100
    number = (room - len(before) - LONGEST_UNIQUE - len(after)) // len(again)
    return before + again * number + after if number > 0 else ""


def forms(petition, port):
    """Each public form that takes something from somebody unknown."""
    from comments.models import Comment
    from letters.models import Recipient

    page = petition.campaign.get_absolute_url()
    email = f"{UNIQUE}@mail.example"
    person = {**PERSON, "email": email}
    here = f"http://127.0.0.1:{port}{page}"
    written = f"Please help the dogs, {UNIQUE}."
    shown = petition.signatures.shown().latest("pk")
    comment = Comment.objects.visible().filter(campaign=petition.campaign).first()
    name_and_city = {"name": 120, "city": 100}
    about = {"location": here, "words": written}
    comments = {"name": "Ada Lovelace", "email": email, "text": written}
    signer = "ada@code.example"
    inbox = rows.sign(petition, signer).inbox_url
    yield Form("signing", f"{page}signatures/", person, name_and_city)
    shows = {**person, "shown_as": "full", "shown_name": person["name"]}
    shown_too = {**name_and_city, "shown_name": 120}
    yield Form("signing by name", f"{page}signatures/", shows, shown_too)
    yield from _letters(f"{page}letter/", email)
    commenting = {"name": 120, "text": 5000}
    yield Form("commenting", f"{page}comments/", comments, commenting)
    unsigned = {**comments, "email": ""}
    long = {"name": 120, "text": 80_000}
    yield Form("comment with a fault", f"{page}comments/", unsigned, long, 422)
    follow = {"email": email, "frequency": "immediate"}
    yield Form("following", f"{page}follows/", follow)
    names = f"{page}signatures/newest/{shown.public_name.number}/report/"
    yield Form("report of a name", names, {"reason": "no name"})
    report = {"reason": "spam", "words": written}
    of_comment = f"{comment.get_absolute_url()}report/".partition("#")[0]
    yield Form("report of a comment", of_comment, report, {"words": 1000})
    notice = {
        **about,
        "law": "hate",
        "name": "Bo Park",
        "email": email,
        "is_true": "on",
    }
    noticed = {"location": 500, "words": 5000, "name": 120}
    yield Form("notice of illegal content", "/notices/", notice, noticed)
    yield Form("my page by mail", "/mine/", {"email": email})
    official = Recipient.objects.reachable().first()
    yield Form(
        "official’s page by mail", f"/officials/{official.page_key}/", {"a": "1"}
    )
    words = {**about, "better": "Please help."}
    wrong = {"location": 500, "words": 1000, "better": 1000}
    yield Form("word that is wrong", "/wrong-words/", words, wrong)
    code = {"code": "000000"}
    yield Form("code of a mail", f"{inbox}code/", code, {"code": 200}, 422)
    yield Form("mail again", f"{inbox}mail/", {"email": signer})
    # All are read by the same guard (pages/same_origin.py).
    signs = f"{page}signatures/"
    yield Form("the body of any form", signs, person, has_bodies=True)


def _letters(path, email):
    letter = {**LETTER, "email": email}
    most = {"name": 120, "place": 160, "own_words": 2000, "subject": 150, "body": 9500}
    yield Form("writing a letter", path, {**letter, "send": ""}, most)
    yield Form("preview of a letter", path, letter, most, 200)
    yield Form("letter as a file", path, {**letter, "draft": ""}, most, 200)
    yield Form("letter sent by oneself", path, {"sent": "", "way": "copy"})
