"""The ways to take a letter along: links that are read back, and a draft file."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from letters.models import Recipient
from letters.suggested.envelope import MAILTO_LIMIT, Envelope

TEXT = 'Dear Mayor:\n\nPlease help – 100 % & more + now = good?\n#1 "quoted" <b>\n\nAda'
SUBJECT = "Help & urge: 50 % + more = good? #now"
ODD_ADDRESSES = [
    "o'brien+petitions@council.example",
    "a&b=c@council.example",
    "who?me#1%20/{x}@council.example",
    '"Mayor, the"@council.example',
]
KOREAN = "만수 김 시장님께:\n\n부천을 개고기 없는 도시로 만들어 주십시오."


def recipient(email="mayor@council.example", name="", office="Mayor"):
    return Recipient(email=email, name=name, office=office)


def envelope(*recipients, subject=SUBJECT, text=TEXT):
    return Envelope(list(recipients) or [recipient()], subject, text)


def read_mailto(link):
    """Addresses, subject and body of a mailto link, by RFC 6068."""
    scheme, _host, to, query, fragment = urlsplit(link)
    assert (scheme, fragment) == ("mailto", "")
    fields = dict(pair.split("=", 1) for pair in query.split("&"))
    return (
        [unquote(address, errors="strict") for address in to.split(",")],
        {name: unquote(value, errors="strict") for name, value in fields.items()},
    )


@pytest.mark.parametrize("text", [TEXT, KOREAN, "One line"])
def test_a_mailto_link_reads_back_as_the_letter(text):
    letter = envelope(recipient(), recipient("ward1@council.example"), text=text)

    to, fields = read_mailto(letter.mailto)

    assert to == ["mayor@council.example", "ward1@council.example"]
    assert fields == {"subject": SUBJECT, "body": text.replace("\n", "\r\n")}


def test_a_mailto_link_is_plain_ascii_without_a_plus_for_a_space():
    link = envelope(recipient(), subject="제목", text=KOREAN).mailto

    assert link.isascii()
    assert not set(link) & set(' +"<>\r\n\\^`{|}')
    assert "%0D%0A%0D%0A" in link


def test_odd_addresses_stay_what_they_are():
    letter = envelope(*map(recipient, ODD_ADDRESSES))

    to, fields = read_mailto(letter.mailto)

    assert to == ODD_ADDRESSES
    assert set(fields) == {"subject", "body"}


def test_a_letter_too_long_for_a_link_leaves_its_text_to_be_pasted():
    start = len(envelope(text="").mailto)
    fits = envelope(text="a" * (MAILTO_LIMIT - start))
    too_long = envelope(text="a" * (MAILTO_LIMIT - start + 1))

    assert len(fits.mailto) == MAILTO_LIMIT
    assert not fits.is_too_long_for_mailto
    assert too_long.is_too_long_for_mailto
    assert read_mailto(too_long.mailto) == (
        ["mayor@council.example"],
        {"subject": SUBJECT},
    )


def test_korean_costs_nine_characters_a_syllable_and_is_guarded_too():
    assert not envelope(text="가" * 190).is_too_long_for_mailto
    assert envelope(text="가" * 210).is_too_long_for_mailto


def test_no_link_is_longer_than_mail_programs_open():
    everybody = [recipient(f"council.member.{n:03}@council.example") for n in range(99)]

    assert len(envelope(*everybody).mailto) <= MAILTO_LIMIT


@pytest.mark.parametrize(
    ("way", "address", "names"),
    [
        ("gmail", "https://mail.google.com/mail/", ("to", "su", "body")),
        (
            "outlook",
            "https://outlook.live.com/mail/0/deeplink/compose",
            ("to", "subject", "body"),
        ),
        ("yahoo", "https://compose.mail.yahoo.com/", ("to", "subject", "body")),
    ],
)
def test_a_webmail_link_holds_the_letter(way, address, names):
    people = [recipient(), recipient("a+b@council.example")]
    link = getattr(envelope(*people, text=TEXT + KOREAN), way)

    found = parse_qs(urlsplit(link).query, strict_parsing=True)

    assert link.startswith(f"{address}?")
    assert link.isascii()
    assert [found[name] for name in names] == [
        ["mayor@council.example,a+b@council.example"],
        [SUBJECT],
        [(TEXT + KOREAN).replace("\n", "\r\n")],
    ]


def read_draft(letter):
    raw = letter.as_draft()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.count(b"\n") == raw.count(b"\r\n")
    return message_from_bytes(raw, policy=policy.strict)


def content(draft):
    return draft.get_content().replace("\r\n", "\n").rstrip("\n")


@pytest.mark.parametrize(
    "text",
    [TEXT, KOREAN, "a" * 9000, "가" * 3000, ".\n..\nFrom here\n", "  two  \n x "],
)
def test_a_draft_reads_back_as_the_letter(text):
    draft = read_draft(envelope(text=text))

    assert draft["X-Unsent"] == "1"
    assert draft["Subject"] == SUBJECT
    assert draft["From"] is None
    assert draft.get_content_type() == "text/plain"
    assert content(draft) == text.rstrip("\n")


@pytest.mark.parametrize(
    ("name", "office"),
    [
        ("Harvey Hall", "Mayor of Bakersfield"),
        ("", "Council Member, Ward 1"),
        ('Harvey "Harv" O\'Hall', "Mayor (acting) <deputy>"),
        ("김만수", "부천시장"),
        ("Ünal Ö. " * 12, "Bürgermeisterin; " * 7),
        ("a@b.example", "x: y"),
    ],
)
def test_a_draft_names_its_recipients_whatever_their_names(name, office):
    letter = envelope(recipient(name=name, office=office), recipient("b@c.example"))

    draft = read_draft(letter)

    addresses = [address.addr_spec for address in draft["To"].addresses]
    assert addresses == ["mayor@council.example", "b@c.example"]
    # Python's own reader puts spaces into long names, which RFC 2047, 6.2 forbids.
    raw = message_from_bytes(letter.as_draft(), policy=policy.compat32)["To"]
    shown = str(make_header(decode_header(raw))).replace("\\", "")
    label = f"{name}, {office}" if name else office
    assert " ".join(label.split()) in " ".join(shown.split())


def test_a_draft_keeps_odd_addresses():
    draft = read_draft(envelope(*map(recipient, ODD_ADDRESSES)))

    assert [address.addr_spec for address in draft["To"].addresses] == ODD_ADDRESSES


def test_a_draft_to_a_domain_in_another_script_has_it_in_the_form_of_the_dns():
    """Staff may type info@münchen.example: Django's EmailField takes it."""
    raw = envelope(recipient("info@münchen.example")).as_draft()

    assert b"<info@xn--mnchen-3ya.example>" in raw


def test_a_long_subject_in_korean_comes_back_whole():
    subject = "부천을 개고기 없는 도시로 만들어 주십시오 " * 5

    draft = read_draft(envelope(subject=subject.strip()))

    assert draft["Subject"] == subject.strip()
