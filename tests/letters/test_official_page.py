"""The page on which an official reads the letters to them, and the way in."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import (
    Letter,
    OfficialAnswer,
    OfficialVisit,
    Recipient,
    SuggestedLetter,
)
from letters.officials.access import COOKIE
from tests.factories import (
    LETTER,
    make_campaign,
    make_letter,
    make_recipients,
)
from tests.hostile import row_counts
from tests.letters.makers import SENT as TEXT
from tests.letters.makers import confirmed, make_many, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return make_letter()


def ward(number):
    return Recipient.objects.get(email=f"ward{number}@council.example")


def send(suggested, number=1, own="", place="London, United Kingdom", **fields):
    """A confirmed letter of somebody, as the composer makes it."""
    name = fields.pop("name", f"Person {number}")
    own = f"{own}\n\n" if own else ""
    text = TEXT.format(own=own, who=", ".join(filter(None, [name, place])))
    return confirmed(
        suggested,
        **{
            "name": name,
            "place": place,
            "email": f"p{number}@mail.example",
            "text": text,
            **fields,
        },
    )


def link(recipient):
    return recipient.page_url.removeprefix("http://testserver")


def enter(client, recipient):
    """Open the page from a mail that has come; its path."""
    key = f"mailed-{recipient.pk}-{OfficialVisit.objects.count()}"
    OfficialVisit.objects.create(
        recipient=recipient, email=recipient.email, mail_key=key
    )
    return client.post(f"/officials/opening/{key}/").url


def words_of(page):
    return " ".join(re.sub("<[^>]+>", " ", page.text).split())


def test_the_link_under_a_letter_opens_nothing_and_mails_the_stored_address(
    client, mailbox, work, letter
):
    send(letter, own="I live by the farm.", name="Zoe")
    work()
    [under] = {
        re.search(r"http://testserver(/officials/\S+)", m.get_content())[1]
        for m in mailbox.messages
        if m.envelope_to == ["ward1@council.example"]
    }
    assert under == link(ward(1))
    before = row_counts()

    looks = [getattr(Client(), method)(under) for method in ("get", "head")]

    assert row_counts() == before
    for page in looks:
        assert page.status_code == 200
        assert page["Cache-Control"] == "no-store"
        assert not page.cookies
    shown = looks[0].text
    assert "w…@council.example" in shown
    assert 'content="noindex"' in shown
    for secret in ("Zoe", "farm", "ward1@council.example", letter.subject):
        assert secret not in shown
    # Pressed by whoever was passed the letter: the mail goes to the mailbox we hold.
    mailbox.clear()
    pressed = client.post(under, follow=True)
    work()
    assert "We are sending an email to" in pressed.text
    assert not pressed.cookies
    assert "Zoe" not in pressed.text
    assert [m.envelope_to for m in mailbox.messages] == [["ward1@council.example"]]


def test_the_mailed_link_opens_by_a_button_once_in_one_browser_for_an_hour(
    client, mailbox, work, letter
):
    send(letter, own="I live by the farm.", name="Zoe")
    client.post(link(ward(1)))
    work()
    path = mailbox.newest_path("/officials/opening/")
    visit = OfficialVisit.objects.get()
    here = f"/officials/page/{visit.key}/"
    before = row_counts()

    for page in (client.get(path), client.head(path), client.get(here)):
        assert not page.cookies
        assert page["Cache-Control"] == "no-store"
        assert "Zoe" not in page.text
    assert row_counts() == before
    assert client.get(here).status_code == 410  # its key alone is not enough

    opened = client.post(path)

    assert opened.url == here
    cookie = opened.cookies[COOKIE.name]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    page = client.get(here)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert 'content="noindex"' in page.text
    assert client.post(path).status_code == 410  # once
    assert Client().get(here).status_code == 410  # in another browser
    OfficialVisit.objects.update(opened_at=timezone.now() - timedelta(hours=13))
    over = client.get(here)
    assert over.status_code == 410
    assert link(ward(1)) in over.text


def test_what_is_late_altered_or_of_somebody_else_opens_nothing(
    client, mailbox, work, letter
):
    other = make_letter(make_campaign(), recipients=make_recipients(2, "Other"))
    theirs = send(other, 7, own="Only for the others.", name="Yves")
    mine = letter.recipient_list.recipients.get(order=1)
    send(letter, own="I live by the farm.", name="Zoe")
    here = enter(client, mine)
    assert "Zoe" in client.get(f"{here}letters/{letter.pk}/").text

    # Another list's letters, by another list's numbers.
    assert client.get(f"{here}letters/{other.pk}/").status_code == 404
    assert client.get(f"{here}letters/999999/").status_code == 404
    words = Letter.objects.get(pk=theirs.pk).words
    assert client.get(f"{here}letters/{letter.pk}/texts/{words}/").status_code == 404
    assert "Yves" not in client.get(here).text
    # The page of somebody else's visit, with this browser's cookie.
    foreign = OfficialVisit.objects.create(
        recipient=other.recipient_list.recipients.first(),
        email=other.recipient_list.recipients.first().email,
        opened_at=timezone.now(),
    )
    assert client.get(f"/officials/page/{foreign.key}/").status_code == 410
    # Links that are altered, made up, or too old.
    key = mine.page_key
    for wrong in (key[:-1], key + "x", key.swapcase(), "1.x", f"9{key}", "x" * 3000):
        assert client.get(f"/officials/{wrong}/").status_code == 404
        assert client.post(f"/officials/{wrong}/").status_code == 404
    for wrong in ("x", key, foreign.key, "x" * 3000):
        assert client.post(f"/officials/opening/{wrong}/").status_code == 410
    mailbox.clear()
    client.post(link(mine))
    work()
    late = mailbox.newest_path("/officials/opening/")
    OfficialVisit.objects.update(sent_at=timezone.now() - timedelta(minutes=61))
    for page in (client.get(late), client.post(late)):
        assert page.status_code == 410
        assert link(mine) in page.text


def test_who_left_office_or_complained_gets_no_way_in(client, mailbox, work, letter):
    send(letter)
    here = enter(client, ward(1))
    Recipient.objects.filter(pk=ward(1).pk).update(left_office_on="2026-01-01")
    Recipient.objects.filter(pk=ward(2).pk).update(complained_at=timezone.now())
    mailbox.clear()

    closed = [client.get(here), client.get(link(ward(1))), client.post(link(ward(1)))]
    complained = client.post(link(ward(2)))
    work()

    for page in closed:
        assert page.status_code == 410
        assert "has left office" in page.text
    assert "We send nothing to this office" in complained.text
    subjects = [m["Subject"] for m in mailbox.messages]
    assert "The link to your page with letters" not in subjects


def test_the_mails_of_the_link_are_limited(client, mailbox, work, letter, settings):
    for _again in range(settings.LIMIT_MAILS_TO_ADDRESS + 3):
        client.post(link(ward(1)))
    work()

    assert len(mailbox.messages) == settings.LIMIT_MAILS_TO_ADDRESS


def test_personal_letters_stand_first_and_the_same_words_are_folded(client, letter):
    type(letter.recipient_list).objects.update(place="Porto")
    for number in range(3):
        send(letter, number)
    # The same, with other line breaks.
    broken = TEXT.format(own="", who="Person 3, porto , Portugal")
    send(letter, 3, place="porto , Portugal", text=broken.replace("\n\n", " \r\n \t\n"))
    for number in (5, 6):
        send(letter, number, own="Sent by our club.")
    send(letter, 7, own="I live by the farm.", name="Zo")
    # Her name was wrong. Who alone sends words again has sent words of her own.
    send(letter, 7, own="I live by the farm.", name="Zoe")
    send(letter, 8, own="I sell no meat.", name="Ana", place="PORTO, Portugal")
    gone = send(letter, 9, own="Erase me.", name="Gone")
    gone.confirmation.supporter.erase()
    removed = send(letter, 10, own="Weeks ago.", name="Old")
    Letter.objects.filter(pk=removed.pk).remove_text()
    write(letter, name="Unconfirmed", email="u@mail.example")
    stopped = send(letter, 11, own="Stopped.", name="Stop")
    stopped.deliveries.first().stop()

    here = enter(client, ward(1))
    overview, page = client.get(here), client.get(f"{here}letters/{letter.pk}/")

    assert "If you do nothing, letters come to you as before." in words_of(overview)
    assert "10 letters, you can read 9 of them here, 2 from Porto." in words_of(
        overview
    )
    shown = words_of(page)
    # From their own city first; then the newest.
    assert shown.index("Ana") < shown.index("Zoe") < shown.index("4 people sent")
    assert "Letters in people’s own words 3" in shown
    assert 'class="near">Says they live in your city' in page.text
    own = re.findall(r'<div class="own-words".*?</div>', page.text, re.S)
    assert [re.sub("<[^>]+>", "", part).strip() for part in own] == [
        "I sell no meat.",
        "I live by the farm.",
        "I live by the farm.",
    ]
    assert "4 people sent the suggested text" in shown
    assert "2 people sent the same text" in shown
    for hidden in ("Gone", "Erase me", "Weeks ago", "Unconfirmed", "Stop", "@mail"):
        assert hidden not in shown
    [names, _club] = re.findall(r'href="(texts/\w+/)"', page.text)
    writers = words_of(client.get(f"{here}letters/{letter.pk}/{names}"))
    assert "Who sent the same text 4" in writers
    assert writers.index(
        "Person 3 , porto , Portugal Says they live in your city"
    ) < writers.index("Person 2")


def test_all_letters_come_in_one_file_to_keep_each_text_once(client, letter):
    for number in range(2):
        send(letter, number)
    send(letter, 7, own="I live by the farm.", name="Zoe")
    gone = send(letter, 9, own="Erase me.", name="Gone")
    gone.confirmation.supporter.erase()
    here = f"{enter(client, ward(1))}letters/{letter.pk}/"

    file = client.get(f"{here}file/")
    text = file.getvalue().decode()

    assert 'href="file/"' in client.get(here).text
    assert file["Content-Disposition"].startswith('attachment; filename="letters-')
    assert text.index("3 letters, as of") < text.index("I live by the farm.")
    assert text.index("Zoe") < text.index("2 people sent this text:")
    for number in range(2):
        assert text.count(f"Person {number}, ") == 1
    for hidden in ("Gone", "Erase me", "@mail"):
        assert hidden not in text
    assert Client().get(f"{here}file/").status_code == 410


def test_letters_that_wait_are_read_here_but_not_what_the_campaign_holds_back(
    client, letter
):
    letter.pause()
    send(letter, own="I live by the farm.", name="Zoe")
    here = enter(client, ward(1))
    assert "Zoe" not in client.get(f"{here}letters/{letter.pk}/").text
    SuggestedLetter.objects.update(paused_at=None)

    page = words_of(client.get(f"{here}letters/{letter.pk}/"))

    assert "We have not emailed this letter to you yet." in page
    assert "Zoe" in page


@pytest.mark.release
def test_a_thousand_letters_cost_the_queries_of_four_and_stand_in_short_pages(
    client,
):
    costs, pages = [], []
    for number in (4, 1000):
        recipients = make_recipients(1, f"List {number}")
        type(recipients).objects.update(place="Porto")
        Recipient.objects.filter(list=recipients).update(email=f"n{number}@c.example")
        suggested = make_letter(make_campaign(), recipients=recipients)
        make_many(suggested, number)
        here = enter(client, recipients.recipients.get())
        for path in (here, f"{here}letters/{suggested.pk}/"):
            with CaptureQueriesContext(connection) as queries:
                page = client.get(path)
            costs.append(len(queries))
            pages.append(page)

    assert costs[:2] == costs[2:]
    shown = words_of(pages[-1])
    assert "1,000 letters" in shown
    assert "Letters in people’s own words 250" in shown
    assert "750 people sent the suggested text" in shown
    assert pages[-1].text.count('class="own-words"') == 20
    assert len(pages[-1].content) < 100_000
    last = client.get(f"{pages[-1].request['PATH_INFO']}?page=13&texts=99")
    assert last.text.count('class="own-words"') == 10
    [names] = re.findall(r'href="(texts/\w+/)"', pages[-1].text)
    writers = client.get(f"{pages[-1].request['PATH_INFO']}{names}?page=8")
    assert writers.text.count("<bdi>Person") == 50


def test_texts_of_several_people_are_counted(client, letter):
    make_many(letter, 8)
    here = enter(client, letter.recipient_list.recipients.first())

    page = client.get(f"{here}letters/{letter.pk}/")

    assert "6 people sent the suggested text" in words_of(page)


def test_the_official_and_the_supporter_of_one_browser_are_two(
    client, mailbox, work, letter
):
    """Ada writes letters at home, and reads them in the office."""
    send(letter, own="I live by the farm.", name="Zoe")
    mine = client.post("/mine/", {"email": "ward1@council.example"}).url
    work()
    client.post(mailbox.path_to("opening"))
    assert client.get(mine).status_code == 200

    assert client.get(f"/officials/page/{mine.split('/')[2]}/").status_code == 410
    here = enter(client, ward(1))

    assert client.get(here).status_code == 200
    assert client.get(mine).status_code == 200
    assert "supporter" in client.cookies
    key = here.split("/")[3]
    assert client.get(f"/mine/{key}/").status_code == 410


def test_what_a_writer_reads_before_sending_says_who_reads_it(client, letter):
    page = client.get(letter.get_absolute_url()).text

    assert "read your letter on a private page here" in " ".join(page.split())
    assert LETTER[:4] in page
    assert "with your name and place, on a private page" in client.get("/privacy/").text
    assert OfficialAnswer.objects.count() == 0
