"""Ten officials read ten languages: in none of their mails stands a word of another."""

import html
import re
from itertools import combinations

import pytest
from django.conf import settings as site

from letters.models import Delivery, Letter
from letters.receipt.follow_up import FollowUp
from tests.factories import (
    make_campaign,
    make_letter,
    make_letter_text,
    make_recipients,
    make_text,
)
from tests.letters.bilingual import A_WEEK

pytestmark = pytest.mark.django_db
CODES = [code for code, _name in site.LANGUAGES]
HERE, *FURTHER = [
    "/bucheon/letter/",
    *(f"/{code}/bucheon-{code}/letter/" for code in CODES if code != "en"),
]
# Each mail is in ten languages, whichever page its letter was written on.
FURTHER = [
    pytest.param(path, marks=[] if path[:4] == "/ko/" else pytest.mark.release)
    for path in FURTHER
]
OWN = "I love all the dogs of this market."
BODY = "[Salutation]\n\n«{0} 1»\n\n[Your own words]\n\n[Your Name & City/Country]"
# What is the same for all: what people typed, names and addresses.
TYPED = re.compile(r"^-|Ada|Bo|London|I love|«|http|Bakersfield|^[^\w]*$|^\S+$")


@pytest.fixture(autouse=True)
def suggested(settings, time_machine):
    settings.MAILS_A_MINUTE = 10**6
    campaign = make_campaign(slug="bucheon", title="«en title»")
    people = make_recipients(len(CODES))
    letter = make_letter(
        campaign,
        BODY.format("en"),
        people,
        subject="«en»",
        thanks_subject="«en thanks»",
        thanks_body=BODY.format("en thanks"),
    )
    for code, recipient in zip(CODES, people.recipients.order_by("pk"), strict=True):
        # The name alone is no word of English.
        recipient.language, recipient.name = code, "Bo Hall"
        recipient.office, recipient.ward = "«Office»", ""
        recipient.save()
        if code != "en":
            make_text(campaign, code, slug=f"bucheon-{code}", title=f"«{code} title»")
            make_letter_text(
                letter,
                code,
                subject=f"«{code}»",
                body=BODY.format(code),
                thanks_subject=f"«{code} thanks»",
                thanks_body=BODY.format(f"{code} thanks"),
            )
    return letter


@pytest.fixture
def write(client, mailbox, work):
    def write(name, path=HERE, **fields):
        page = client.get(path).text
        body = re.search(
            r'<textarea[^>]*name="body"[^>]*>\n?(.*?)</textarea>', page, re.S
        )
        typed = {
            "name": name,
            "place": "London",
            "email": f"{name.lower()}@mail.example",
        }
        typed |= {"subject": "", "body": html.unescape(body[1]), "send": "", **fields}
        client.post(path, typed)
        work()
        client.post(mailbox.path_to("confirmation"))
        client.cookies.clear()
        work()
        return Letter.objects.latest("pk")

    write.work = work
    return write


def by_language(mailbox):
    """Who reads which language, with the lines of the mail to them."""
    reads = {d.recipient.email: d.language for d in Delivery.objects.all()}
    found = {}
    for mail in mailbox.messages:
        [to] = [address.addr_spec for address in mail["To"].addresses]
        if to in reads:
            lines = {mail["Subject"], *mail.get_content().splitlines()}
            found[reads[to]] = {line for line in lines if not TYPED.search(line)}
            found[reads[to]] |= {line for line in lines if "«" in line}
    return found


def assert_apart(mails):
    """Each mail is in its own language from the first line to the last."""
    assert set(mails) == set(CODES)
    for one, other in combinations(CODES, 2):
        assert mails[one] & mails[other] == set(), (one, other)
    for code, lines in mails.items():
        marks = {mark for line in lines for mark in re.findall("«([a-z-]+)", line)}
        assert marks == {code}


@pytest.mark.parametrize("path", [HERE, *FURTHER])
def test_a_letter_is_in_the_language_of_each_official_and_kept_in_all(
    client, mailbox, write, move_to, path
):
    letter = write("Ada", path, own_words=OWN, own_in="en")
    assert_apart(by_language(mailbox))
    receipt = html.unescape(client.get(letter.done_url).text)
    [copy] = [m for m in mailbox.messages if m["To"] == "ada@mail.example"][-1:]
    for code in CODES:
        assert f"«{code} 1»" in receipt
        assert f"«{code} 1»" in copy.get_body(("plain",)).get_content()

    mailbox.clear()
    move_to(Delivery.objects.first().queued_at + 5 * A_WEEK)
    letter = Letter.objects.get()
    FollowUp(letter).send(seen=FollowUp(letter).seen, page="/")
    write.work()
    assert_apart(by_language(mailbox))


@pytest.mark.parametrize("path", FURTHER)
def test_one_letter_of_many_is_in_the_language_of_each_official(
    mailbox, write, leave, path
):
    write("Ada")
    write("Bo", path)
    leave()

    mails = by_language(mailbox)
    assert_apart(mails)
    assert "2 people sent this letter:" in mails["en"]


@pytest.mark.parametrize("path", FURTHER)
def test_letters_of_a_day_and_thanks_are_in_the_language_of_each_official(
    mailbox, suggested, write, leave, path
):
    for recipient in suggested.recipient_list.recipients.all():
        recipient.rhythm = recipient.Rhythm.DAILY
        recipient.save()
        suggested.stances.create(
            recipient=recipient, kind="supports", day="2026-01-01", source="-"
        )
    write("Ada", f"{HERE}thanks/", own_words=OWN)
    write("Bo", f"{path}thanks/", own_words=OWN, own_in="en")
    leave()

    mails = by_language(mailbox)
    assert_apart(mails)
    assert any("wrote to you through" in line for line in mails["en"])
