"""The same words of one person to one official leave once in 30 days."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from letters.models import Delivery, Letter
from letters.receipt.follow_up import FollowUp
from outbox.models import Outcome
from supporters.acts.finding import by_mail_token
from supporters.models import Supporter
from tests.answers import new_browser
from tests.concurrency import at_once
from tests.factories import (
    make_campaign,
    make_letter,
    make_recipients,
    make_staff,
    reject,
)
from tests.letters.makers import bounce, confirmed, settle, write
from tests.letters.test_sending import HERE, form

pytestmark = pytest.mark.django_db
HAS_LEFT = "you have already sent them this letter"


@pytest.fixture
def suggested():
    return make_letter()


def going(letter):
    return letter.deliveries.exclude(stopped_for="repeat")


def to_officials(mailbox):
    return [m["To"] for m in mailbox.messages if "council.example" in m["To"]]


def days_later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days))


@pytest.mark.django_db(transaction=True)
def test_two_that_are_confirmed_at_once_leave_once(mailbox, work):
    suggested = make_letter()
    letters = [write(suggested, email=email) for email in ("ada@mail.example",) * 2]
    found = [by_mail_token(Letter, letter.confirmation.link_key) for letter in letters]

    at_once([letter.confirm for letter in found])
    work()

    assert Letter.objects.confirmed().count() == 2
    assert Delivery.objects.exclude(stopped_for="repeat").count() == 3
    assert len(to_officials(mailbox)) == 3


@pytest.mark.django_db(transaction=True)
def test_eight_spellings_of_a_mailbox_that_confirm_at_once_leave_once(settings):
    settings.LIMIT_LETTERS_A_DAY = 8
    suggested = make_letter()
    letters = [write(suggested, email=f"a.da+{n}@gmail.com") for n in range(8)]

    at_once([letter.confirm for letter in letters])

    assert Letter.objects.confirmed().count() == 8
    assert Delivery.objects.exclude(stopped_for="repeat").count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_once_of_a_browser_that_is_known_leave_once(client, mailbox):
    suggested = make_letter()
    other = write(suggested, text="Something else.")
    other.confirmation.issue_code(1)
    client.post(f"{other.inbox_url}code/", {"code": other.confirmation.code})

    def send():
        browser = new_browser()
        browser.cookies = client.cookies
        answers.append(browser.post(HERE, form(suggested)))

    answers = []
    at_once([send] * 2)

    assert all("/receipt/" in answer["Location"] for answer in answers)
    assert (
        Delivery.objects.exclude(letter=other).exclude(stopped_for="repeat").count()
        == 3
    )


@pytest.mark.django_db(transaction=True)
def test_browsers_of_several_spellings_that_are_known_do_not_wait_for_each_other(
    settings,
):
    settings.LIMIT_LETTERS_A_DAY = 100
    suggested = make_letter()
    emails = [f"a.da+{n}@gmail.com" for n in range(4)]
    known = [Supporter.objects.create(email=email) for email in emails]

    def send(supporter):
        for _ in range(5):
            write(suggested, email=supporter.email, proven=supporter)

    at_once([lambda person=person: send(person) for person in known])

    assert Letter.objects.confirmed().count() == 20
    assert Delivery.objects.exclude(stopped_for="repeat").count() == 3


def test_twins_that_are_confirmed_by_a_click_each_leave_once_and_say_so(
    client, mailbox, work, suggested
):
    first, second = write(suggested), write(suggested)
    work()
    mailbox.clear()
    receipts = [
        client.post(
            f"/campaign-1/letters/{letter.confirmation.link_key}/confirmation/",
            follow=True,
        )
        for letter in (first, second)
    ]
    work()

    assert [page.text.count(HAS_LEFT) for page in receipts] == [0, 3]
    assert "We have your letter" not in receipts[1].text
    assert "We sent nothing this time" not in receipts[0].text
    assert "We sent nothing this time" in receipts[1].text
    assert "Come back to see what is new" not in receipts[1].text
    told = ["you sent them the same" in r.text for r in receipts]
    assert told == [False, True]
    assert len(to_officials(mailbox)) == 3
    copies = [m for m in mailbox.messages if m["Subject"] == "A copy of your letter"]
    assert len(copies) == 1
    number = len(mailbox.messages)
    client.post(f"{second.inbox_url}mail/", {"email": second.confirmation.email})
    work()
    assert len(mailbox.messages) == number
    assert suggested.sent_count() == 1


@pytest.mark.parametrize(
    ("words", "name", "place"),
    [
        ("Dear Council:\n\nPlease help.", "Ada Lovelace", "London"),
        ("dear council — please HELP!", "Ada Lovelace", "Porto, Portugal"),
        ("Dear Council:   Please help.\n", "LOVELACE, Ada", ""),
    ],
)
def test_the_same_words_on_the_next_day_do_not_go_again(suggested, words, name, place):
    first = "Dear Council:\n\nPlease help.\n\nAda Lovelace, London"
    confirmed(suggested, name="Ada Lovelace", place="London", text=first)
    text = f"{words}\n\n{name}{place and ', '}{place}"

    with days_later(1):
        again = confirmed(suggested, name=name, place=place, text=text)

    assert not going(again).exists()
    assert again.is_repeat
    assert not again.reported_back_at


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ada.l@gmail.com", "adal+letters@googlemail.com"),
        ("ada@mail.example", "ADA@mail.example"),
        # On a domain of its own a tag can be another person; of the same name, hardly.
        ("ada@mail.example", "ada+office@mail.example"),
    ],
)
def test_another_spelling_of_the_mailbox_is_the_same_writer(suggested, first, second):
    confirmed(suggested, email=first)

    again = confirmed(suggested, email=second.lower(), name="LOVELACE, Ada")

    assert not going(again).exists()


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Bo Lovelace"},
        {"email": "bo@mail.example"},
        {"name": "Bo Lovelace", "email": "ada+bo@mail.example"},
        {"text": "Dear Council:\n\nPlease help them.\n\nAda Lovelace, London"},
    ],
)
def test_who_or_what_is_another_one_goes(suggested, other):
    confirmed(suggested)

    assert going(confirmed(suggested, **other)).count() == 3


def confirm_by_link(client, letter):
    token = letter.confirmation.link_key
    return client.post(f"/campaign-1/letters/{token}/confirmation/", follow=True)


def test_a_repeat_is_none_of_the_letters_of_a_day(client, settings, suggested):
    settings.LIMIT_LETTERS_A_DAY = 2
    first, again, spelled = (
        write(suggested, email=email)
        for email in ("ada@mail.example", "ada@mail.example", "Ada+1@mail.example")
    )
    for letter in (first, again, spelled):
        assert confirm_by_link(client, letter).status_code == 200

    other = confirm_by_link(client, write(suggested, text="Something else."))
    too_many = confirm_by_link(client, write(suggested, text="And one more thing."))
    repeat = confirm_by_link(client, write(suggested))

    assert "We have your letter" in other.text
    assert too_many.status_code == 429
    assert "We sent nothing this time" in repeat.text
    assert Delivery.objects.exclude(stopped_for="repeat").count() == 6


def test_repeats_are_not_stored_without_end(client, settings, suggested):
    settings.LIMIT_LETTERS_A_DAY = 1
    confirmed(suggested)
    repeats = [write(suggested) for _ in range(11)]

    answers = [confirm_by_link(client, letter).status_code for letter in repeats]

    assert answers == [200] * 10 + [429]
    assert Delivery.objects.filter(stopped_for="repeat").count() == 10 * 3


def test_a_letter_that_goes_to_one_more_official_is_one_of_the_day(
    client, settings, suggested
):
    settings.LIMIT_LETTERS_A_DAY = 1
    confirmed(suggested)
    suggested.recipient_list.recipients.create(
        office="Clerk", email="clerk@council.example", order=9
    )

    refused = confirm_by_link(client, write(suggested))

    assert refused.status_code == 429
    assert Delivery.objects.count() == 3


def test_who_has_come_since_gets_it_and_alone_is_named(mailbox, work, suggested):
    confirmed(suggested)
    work()
    mailbox.clear()
    suggested.recipient_list.recipients.create(
        office="Clerk", email="clerk@council.example", order=9
    )

    again = confirmed(suggested)
    work()

    assert [d.label for d in going(again)] == ["Clerk"]
    assert not again.is_repeat
    assert to_officials(mailbox) == ["Clerk <clerk@council.example>"]


def test_an_official_of_two_campaigns_lists_is_one_official(suggested):
    other = make_letter(make_campaign(), recipients=make_recipients(2, "Mayors"))
    confirmed(suggested)

    assert not going(confirmed(other)).exists()


def test_after_30_days_it_may_be_said_again(suggested):
    for delivery in confirmed(suggested).deliveries.all():
        settle(delivery)
    assert not going(confirmed(suggested)).exists()

    with days_later(31):
        again = confirmed(suggested)

    assert going(again).count() == 3


def test_what_waits_for_longer_is_not_said_twice(suggested):
    confirmed(suggested)
    suggested.pause()

    with days_later(31):
        again = confirmed(suggested)

    assert not going(again).exists()


@pytest.mark.parametrize(
    "how", ["refused", "given up", "came back", "stopped", "erased"]
)
def test_what_did_not_arrive_is_in_no_letters_way(suggested, how):
    first = confirmed(suggested)
    for delivery in first.deliveries.all():
        match how:
            case "refused":
                settle(delivery, Outcome.REFUSED)
            case "given up":
                settle(delivery, Outcome.GIVEN_UP)
            case "came back":
                settle(delivery)
                bounce(delivery, "452 4.2.2 mailbox full")
            case "stopped":
                assert delivery.stop()
    if how == "erased":
        Letter.objects.filter(pk=first.pk).erase()

    again = confirmed(suggested)

    assert going(again).count() == 3
    assert not any(d.retry() for d in first.deliveries.all())
    assert all(d.stop() and d.retry() for d in going(again))


@pytest.mark.parametrize("how", ["posted", "held", "rejected"])
def test_what_nobody_has_confirmed_is_in_no_letters_way(suggested, how):
    first = write(suggested, held_for="" if how == "posted" else "flood")
    if how == "rejected":
        assert reject(first, make_staff())

    letter = confirmed(suggested)

    assert going(letter).count() == 3


def test_nobody_sends_a_repeat_again_by_hand(suggested):
    confirmed(suggested)
    repeat = confirmed(suggested).deliveries.first()

    assert not repeat.retry()
    assert not repeat.stop()


def test_who_sends_the_first_again_keeps_its_place(suggested):
    first = confirmed(suggested)
    for delivery in first.deliveries.all():
        settle(delivery, Outcome.REFUSED)
        assert delivery.retry()

    assert not going(confirmed(suggested)).exists()


def test_a_reminder_is_no_repeat(settings, suggested):
    settings.LETTER_FOLLOW_UP_DAYS = 5
    letter = confirmed(suggested)
    for delivery in letter.deliveries.all():
        settle(delivery)

    with days_later(14):
        step = FollowUp(Letter.objects.get(pk=letter.pk))
        step.send(seen=step.seen, page="/")

    reminder = Letter.objects.get(follow_of=letter)
    assert going(reminder).count() == 3
    assert all(d.stop() and d.retry() for d in reminder.deliveries.all())


def test_the_database_itself_takes_no_second_one(suggested):
    first, second = confirmed(suggested), confirmed(suggested, name="Bo")
    held = first.deliveries.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        second.deliveries.filter(recipient=held.recipient).update(said=held.said)


def test_what_tells_the_words_goes_with_the_person_and_with_the_text(
    settings, suggested
):
    letter = confirmed(suggested)
    for delivery in letter.deliveries.all():
        settle(delivery)
    stored = Delivery.objects.exclude(said=None)

    for days, left in ((27, 3), (31, 0)):
        with days_later(days):
            call_command("forget", stdout=StringIO())
        assert stored.count() == left

    other = confirmed(suggested, name="Bo")
    assert stored.count() == 3
    other.confirmation.supporter.erase()
    assert not stored.exists()


def test_posts_that_say_the_same_are_one_question(mailbox, work, suggested):
    for fields in ({}, {}, {"name": "Bo"}, {"subject": "Help"}):
        write(suggested, **fields)

    work()

    assert len(mailbox.messages) == 3


def test_the_code_of_the_question_is_good_on_each_page(
    client, mailbox, work, suggested
):
    _first, second = write(suggested), write(suggested)
    work()

    client.post(f"{second.inbox_url}code/", {"code": mailbox.code()})

    assert Letter.objects.confirmed().get() == second
