"""The writer of a letter that we do not send is told so, with the other ways."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign
from letters.models import Letter
from letters.receipt.tasks import tell_of_waiting
from letters.suggested.placeholders import NAME_AND_PLACE
from safeguards.blocks import Block
from supporters.acts.holding import HELD_FOR
from supporters.models import Supporter
from tests.factories import make_campaign, make_letter, make_staff, reject, release
from tests.letters.makers import write
from tests.letters.test_envelope import read_mailto
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db
EMAIL = "ada@mail.example"
WORDS = "Dear Council:\n\n  My very own words.\n\nAda Lovelace, London"


@pytest.fixture
def cy():
    return make_staff("cy", "Moderators")


@pytest.fixture
def known():
    """Ada has confirmed her address before."""
    Supporter.objects.create(email=EMAIL, confirmed_at=timezone.now())


@pytest.fixture
def after(time_machine, work, mailbox):
    """Let so many days go by, with their nightly work; the mails that came."""

    def after(days):
        mailbox.clear()
        for _day in range(days):
            time_machine.move_to(timezone.now() + timedelta(days=1), tick=False)
            tell_of_waiting.func(timestamp=0)
            work()
        return list(mailbox.messages)

    return after


def opened(client, mailbox, work):
    """The page to which the mail leads, as the owner of the address opens it."""
    path = mailbox.path_to("unsent")
    client.post(path)
    work()
    assert client.post(mailbox.path_to("opening")).url == path
    return client.get(path)


def held(held_for="word", **fields):
    return write(held_for=held_for, **{"email": EMAIL, "text": WORDS, **fields})


def test_the_writer_of_a_rejected_letter_is_told_and_sends_it_themselves(
    client, cy, mailbox, work, known
):
    letter = held()
    work()
    mailbox.clear()

    reject(letter, cy)
    work()

    [mail] = mailbox.messages
    assert mail["To"] == EMAIL
    assert "very own words" not in mail.as_string()
    page = opened(client, mailbox, work)
    assert "Your letter was not accepted" in page.text
    assert WORDS in page.text
    [link] = [part for part in page.text.split('"') if part.startswith("mailto:ward1")]
    to, fields = read_mailto(link.replace("&amp;", "&"))
    assert len(to) == 3
    assert fields["body"].replace("\r\n", "\n") == WORDS
    assert page.text.count("@council.example</span>") == 3
    assert page.headers["Cache-Control"] == "no-store"


def test_a_first_time_writer_gets_the_text_of_a_rejected_letter_back(client, cy):
    letter = held(subject="My subject")
    reject(letter, cy)

    page = client.get(letter.inbox_url).text

    assert "What you sent was not accepted" in page
    assert "My subject</textarea>" in page
    assert f"{WORDS}</textarea>" in page


def test_whoever_has_only_the_link_reads_no_word_of_it(client, cy, work, mailbox):
    letter = held()
    enter(client, mailbox, work)
    other = Client(headers={"sec-fetch-site": "same-origin"})

    for _state in ("waits", "rejected"):
        page = other.get(letter.way_on)
        assert page.status_code == 200
        assert "very own words" not in page.text
        assert "Ada" not in page.text
        assert page.text.count("@council.example</span>") == 3
        assert "very own words" in client.get(letter.way_on).text
        reject(letter, cy)
    # The button opens it at once where the address is confirmed.
    path = letter.way_on.removeprefix("http://testserver")
    assert client.post(path).url == path
    assert other.post(path).url.startswith("/mine/")


@pytest.mark.parametrize("reason", HELD_FOR)
def test_no_stranger_is_told_of_a_letter_with_their_address(after, cy, reason):
    letter = held(reason)

    assert after(9) == []
    reject(letter, cy)
    assert after(1) == []


@pytest.mark.parametrize("body", ["No!", "Cheap pills, and enough words with them."])
def test_a_flood_mails_no_stranger_whatever_stands_in_it(
    client, after, cy, settings, body
):
    settings.LIMIT_ACTS_BEFORE_HELD = 0
    Block.objects.create(kind="word", value="cheap pills")
    make_letter(make_campaign(closes_at=None))
    typed = {"name": "Ada", "place": "London", "email": EMAIL, "send": ""}
    typed |= {"subject": "Help", "body": f"{body}\n\n{NAME_AND_PLACE}"}
    client.post("/campaign-1/letter/", typed)
    letter = Letter.objects.held().get()

    assert after(9) == []
    reject(letter, cy)
    assert after(1) == []


def test_spellings_of_an_address_get_three_mails_a_day(after):
    suggested = make_letter(make_campaign(closes_at=None))
    for number in range(4):
        email = f"ada+{number}@mail.example"
        write(suggested, email=email, held_for="word")
        Supporter.objects.filter(email=email).update(confirmed_at=timezone.now())

    assert [len(after(7)), len(after(1))] == [3, 1]


def test_whose_letter_nobody_decides_on_is_told_once_after_a_week(
    client, after, mailbox, work, known
):
    held()

    assert after(6) == []
    [mail] = after(2)
    assert mail["Subject"] == "Your letter is still waiting"
    assert mail["To"] == EMAIL
    assert "very own words" not in mail.as_string()
    page = opened(client, mailbox, work)
    assert "nobody has checked yours yet" in page.text
    assert WORDS in page.text
    assert after(20) == []


@pytest.mark.parametrize("decide", [release, reject])
def test_nobody_is_told_that_it_waits_once_it_is_decided_on(after, cy, known, decide):
    letter = held()
    decide(letter, cy)

    assert "Your letter is still waiting" not in [m["Subject"] for m in after(9)]


def test_once_the_campaign_has_ended_nothing_is_promised(
    client, after, mailbox, work, known
):
    letter = held()
    Campaign.objects.update(closed_at=timezone.now())

    assert after(9) == []
    enter(client, mailbox, work)
    page = client.get(letter.way_on)
    assert "The campaign has ended, so we no longer send your letter" in page.text
    assert "we email you and ask you to confirm it" not in page.text
    assert "should send it?" not in page.text
    assert WORDS in page.text


def test_who_is_asked_to_confirm_it_reads_that_it_could_go_twice(
    client, cy, mailbox, work, known
):
    letter = held()
    enter(client, mailbox, work)
    twice = "Then do not confirm it, or it goes twice."
    assert twice not in client.get(letter.way_on).text

    release(letter, cy)

    page = client.get(letter.way_on)
    assert "<h1>Confirm your letter</h1>" in page.text
    assert twice in page.text
    assert "If you think that we should send it" not in page.text


def test_who_was_held_until_the_end_is_told_and_not_asked(
    client, cy, mailbox, work, known
):
    letter = held()
    Campaign.objects.update(closed_at=timezone.now())
    work()
    mailbox.clear()

    release(letter, cy)
    work()

    [mail] = mailbox.messages
    assert (mail["To"], mail["Subject"]) == (EMAIL, "Your letter was not sent")
    assert "very own words" not in mail.as_string()
    page = opened(client, mailbox, work)
    assert "The campaign has ended, so we no longer send your letter" in page.text
    assert WORDS in page.text


def test_an_address_that_nobody_knows_is_not_told_of_it(cy, mailbox, work):
    letter = held()
    Campaign.objects.update(closed_at=timezone.now())
    work()

    release(letter, cy)
    work()

    assert mailbox.messages == []


def test_the_page_of_the_inbox_says_that_it_has_ended_before_and_after(client):
    suggested = make_letter()
    sent, waiting = (write(suggested, email=f"{a}@mail.example") for a in "ab")
    sent.confirm()
    Campaign.objects.update(closed_at=timezone.now())

    pages = [client.get(letter.inbox_url) for letter in (sent, waiting)]

    for page in pages:
        assert page.status_code == 410
        assert "The campaign ended before you confirmed the letter" in page.text
    again = client.post(f"{waiting.inbox_url}mail/", {"email": EMAIL})
    assert again.status_code == 410


def test_a_rejection_names_no_page_of_a_campaign_that_is_gone(cy, mailbox, work, known):
    letter = held()
    work()
    mailbox.clear()
    Campaign.objects.update(deleted_at=timezone.now())

    reject(letter, cy)
    work()

    assert "was not accepted" in mailbox.last()["Subject"]
    assert "/unsent/" not in mailbox.text()


def test_the_page_of_a_letter_that_is_let_through_leads_on(client, cy, mailbox, work):
    letter = held()
    page = letter.way_on
    release(letter, cy)
    work()

    assert "We have emailed you and asked you to confirm it." in client.get(page).text
    client.post(mailbox.path_to("confirmation"))
    assert client.get(page).url == Letter.objects.get().done_url


@pytest.mark.parametrize("is_rejected", [True, False])
def test_my_page_leads_there_too(client, cy, mailbox, work, is_rejected):
    letter = held()
    if is_rejected:
        reject(letter, cy)
        work()

    mine = client.get(enter(client, mailbox, work))

    path = letter.way_on.removeprefix("http://testserver")
    assert f'href="{path}">Send it myself<' in mine.text


@pytest.mark.parametrize("key", ["x", "x" * 43])
def test_a_wrong_key_opens_nothing(client, key):
    suggested = make_letter()

    page = client.get(f"/{suggested.campaign.slug}/letters/{key}/unsent/")

    assert page.status_code == 404
