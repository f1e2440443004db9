"""What officials have said: who is asked, who is thanked, and what everybody sees."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone

from letters.models import Recipient, Stance
from staff.models import AuditEntry
from tests.factories import (
    LETTER,
    make_campaign,
    make_letter,
    make_recipients,
    make_staff,
    make_stance,
)
from tests.letters.makers import confirmed, states, write
from tests.staff.forms import fill_in

pytestmark = pytest.mark.django_db
THANKS = {
    "thanks_subject": "Thank you",
    "thanks_body": "Dear friends:\n\nThank you.\n\n[Your Name & City/Country]",
}
SPARED = "not sent: they already support it, so nobody asks them again"


@pytest.fixture
def letter():
    return make_letter()


def ward(number):
    return Recipient.objects.get(email=f"ward{number}@council.example")


def says(letter, number, kind="supports", **fields):
    """An entry that the member for a ward supports it, or says something else."""
    return make_stance(letter, ward(number), kind, **fields)


def written_to(mailbox):
    """The officials that got a letter, and whom each letter names."""
    found = [m for m in mailbox.messages if "council.example" in m["To"]]
    return [m["To"].addresses for m in found], found


def action_page(client, letter):
    cache.clear()
    return client.get(letter.campaign.get_absolute_url()).text


def table(page):
    """The rows of "who answered" in plain words."""
    found = re.search(r'<table class="answers-table.*?</table>', page, re.S)
    rows = re.findall(r"<tr>(.*?)</tr>", found[0], re.S) if found else []
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows[1:]]


def test_who_agrees_is_left_out_of_the_letter_and_of_its_to(
    client, mailbox, work, letter
):
    before = action_page(client, letter)
    says(letter, 2, "opposes", day=date(2026, 1, 5))
    says(letter, 2, day=date(2026, 1, 6))
    # Entered later, and said before: the newest day counts.
    says(letter, 2, "opposes", day=date(2026, 1, 4))

    pages = [action_page(client, letter), client.get(letter.get_absolute_url()).text]
    confirmed(letter)
    work()

    assert "does not go to them" not in before
    assert "in your name to the Mayor and the Council" in before
    listed = client.get(f"{letter.get_absolute_url()}recipients/").text
    assert '<p class="lead-plain">2 recipients</p>' in listed
    for page in pages:
        assert "Council Member, Ward 2 already supports this" in page
        assert 'data-to="ward1@council.example,ward3@council.example"' in page
        to = "Council Member, Ward 1 and Council Member, Ward 3"
        assert f"<dd><bdi>{to}</bdi></dd>" in page
        assert f"We will send this letter in your name to {to}" in page
        assert "Thank them" not in page
    named, messages = written_to(mailbox)
    assert [[a.addr_spec for a in addresses] for addresses in named] == [
        ["ward1@council.example"],
        ["ward3@council.example"],
    ]
    assert all("Ward 2" not in mail.get_content() for mail in messages)


def test_mails_and_receipt_name_only_those_who_get_the_letter(
    client, mailbox, work, letter
):
    says(letter, 2)
    waiting = write(letter)
    work()
    question, asking = mailbox.text(), mailbox.path_to("confirmation")
    asked = client.get(asking).text
    says(letter, 3)
    mailbox.clear()
    waiting.confirm()
    work()
    [copy] = (m for m in mailbox.messages if "ada@mail.example" in m["To"])
    copy = copy.get_body(("plain",)).get_content()
    make_more = Recipient.objects.create  # who comes later has not got it
    make_more(list=letter.recipient_list, office="Mayor", email="mayor@council.example")

    first, third = (f"Council Member, Ward {number}" for number in (1, 3))
    assert f"You wrote it to {first} and {third}, in" in " ".join(question.split())
    assert f"<dd>{first} and {third}</dd>" in asked
    assert f"We have your letter to {first}." in " ".join(copy.split())
    assert f"<dd>{first}</dd>" in client.get(waiting.done_url).text
    assert f"It goes to {first}." in client.get(asking).text


def test_who_agrees_before_it_is_confirmed_is_not_asked_and_the_receipt_says_so(
    mailbox, work, client, letter
):
    waiting = write(letter)
    says(letter, 1)
    waiting.confirm()
    work()

    assert states(waiting)[0] == SPARED
    assert len(written_to(mailbox)[1]) == 2
    receipt = client.get(waiting.done_url).text
    assert SPARED.capitalize() in receipt
    assert "delivery-good" in receipt
    # It is no failure that the writer has to do something about.
    assert not [m for m in mailbox.messages if "did not reach" in m["Subject"]]


@pytest.mark.parametrize("body", [LETTER, f"[Salutation]\n\n{LETTER}"])
def test_who_agrees_after_it_is_confirmed_is_not_asked_nor_named(mailbox, work, body):
    letter = make_letter(body=body)
    waiting = confirmed(letter)
    letter.pause()
    work()
    says(letter, 3)
    letter.resume()
    work()

    assert [state[:10] for state in states(waiting)] == ["handed to "] * 2 + [
        SPARED[:10]
    ]
    named, _messages = written_to(mailbox)
    assert "ward3@council.example" not in str(named)
    # Not by hand either, and not after it came back.
    spared = waiting.deliveries.get(recipient=ward(3))
    assert not spared.retry()
    letter.stances.said().delete()
    assert spared.retry()


def test_when_all_agree_nobody_is_asked(client, mailbox, work, letter):
    Recipient.objects.filter(pk=ward(3).pk).update(is_record=True)
    waiting = write(letter)
    says(letter, 1)
    says(letter, 2)
    waiting.confirm()
    work()

    assert states(waiting) == [SPARED] * 2
    assert written_to(mailbox) == ([], [])
    typed = {"name": "Ada", "subject": "Hello", "body": letter.body, "send": ""}
    answer = client.post(letter.get_absolute_url(), typed)
    assert answer.status_code == 409
    assert "What you typed" in answer.text
    for page in (action_page(client, letter), answer.text):
        assert "They all support this." in page
        assert "<letter-composer" not in page
        assert "Send the letter</a>" not in page
        assert "Call for Action" not in page


def test_who_agrees_is_thanked_and_nobody_else(client, mailbox, work, letter):
    here = f"{letter.get_absolute_url()}thanks/"
    assert client.get(here).status_code == 404
    type(letter).objects.update(ask="Stop.", body=f"{LETTER}\n\n[The ask]", **THANKS)
    assert "There is nobody to thank yet." in client.get(here).text
    says(letter, 2)
    assert f'href="{here}"' in action_page(client, letter)

    page = client.get(here).text
    typed = {"name": "Ada Lovelace", "email": "ada@mail.example", "send": ""}
    body = THANKS["thanks_body"].replace("Thank you.", "Thank you all.")
    words = {"subject": "Thank you", "body": body}
    client.post(here, {**typed, **words})
    work()
    client.post(mailbox.path_to("confirmation"))
    work()

    assert "Thank Council Member, Ward 2</h1>" in page
    assert 'data-to="ward2@council.example"' in page
    assert "Stop." not in page
    named, [message] = written_to(mailbox)
    assert str(named[0][0]) == '"Council Member, Ward 2" <ward2@council.example>'
    assert message["Subject"] == "Thank you"
    assert "Thank you all.\n\nAda Lovelace" in message.get_content().replace("\r", "")
    # It asks for nothing, so it is no letter of the count, and nobody was asked.
    assert letter.sent_count() == 0
    assert not letter.stances.filter(kind="asked").exists()


def test_a_thank_you_to_who_has_changed_their_mind_is_not_sent(mailbox, work, letter):
    says(letter, 2, day=date(2026, 1, 1))
    waiting = confirmed(letter, is_thanks=True)
    says(letter, 2, "opposes")

    work()

    assert states(waiting) == [
        "not sent: as far as we know now, they do not support it"
    ]
    assert written_to(mailbox) == ([], [])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"thanks_subject": "Thank you"}, "thanks_body"),
        ({**THANKS, "thanks_body": "Thanks. [Name]"}, "thanks_body"),
    ],
)
def test_the_other_texts_are_looked_at_like_the_letter(letter, fields, field):
    for name, value in fields.items():
        setattr(letter, name, value)

    with pytest.raises(ValidationError) as caught:
        letter.full_clean()

    assert list(caught.value.message_dict) == [field]


def test_everybody_sees_who_answered_and_the_days_it_took(
    client, mailbox, work, time_machine
):
    time_machine.move_to("2030-03-01T12:00Z")
    # The database's clock does not move along.
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    campaign = make_campaign(opens_at=long_ago, published_at=long_ago)
    letter = make_letter(campaign, recipients=make_recipients(5))
    Recipient.objects.filter(pk=ward(5).pk).update(bounced_at=timezone.now())
    confirmed(letter)
    work()
    assert table(action_page(client, letter)) == []  # nobody has said anything

    says(letter, 2, "answered", day=date(2030, 3, 4))
    says(letter, 2, day=date(2030, 3, 20), url="https://council.example/m", note="N!")
    says(letter, 3, "opposes", day=date(2030, 2, 1))
    Recipient.objects.filter(pk=ward(3).pk).update(left_office_on="2030-03-10")
    page = action_page(client, letter)

    expected = [
        "Council Member, Ward 1 No answer yet first letter on 1 March 2030",
        "Council Member, Ward 2 Supports it said on 20 March 2030 answered 3 days "
        "after the first letter Source: Council meeting",
        "Council Member, Ward 3 left office Does not support it said on 1 February "
        "2030 Source: Council meeting",
        "Council Member, Ward 4 No answer yet first letter on 1 March 2030",
        "Council Member, Ward 5 We have sent no letter yet",
    ]
    assert table(page) == expected
    assert 'href="https://council.example/m"' in page
    assert "N!" not in page
    letter.campaign.closes_at = timezone.now() - timedelta(days=1)
    letter.campaign.save()
    ended = action_page(client, letter)
    assert table(ended) == expected
    # The letter of an action that has ended is the one to all of them.
    assert "does not go to them" not in ended

    type(letter).objects.update(shows_answers=False)
    assert table(action_page(client, letter)) == []


def test_a_campaigner_adds_several_entries_at_once_and_removes_a_wrong_one(
    client, letter
):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    path = f"/admin/letters/suggestedletter/{letter.pk}/stances/"
    one, two = (f"r{ward(number).pk}-" for number in (1, 2))
    day = timezone.localdate().isoformat()
    typed = {f"{one}kind": "supports", f"{one}day": day, f"{one}source": "Letter"}

    bad = fill_in(client, path, **typed, **{f"{two}source": "Meeting"})
    assert bad.status_code == 422
    assert 'value="Letter"' in bad.text
    assert not Stance.objects.exists()
    too_early = (timezone.localdate() + timedelta(days=2)).isoformat()
    future = {f"{two}kind": "opposes", f"{two}day": too_early, f"{two}source": "s"}
    assert (
        "Enter a day that is not in the future." in fill_in(client, path, **future).text
    )
    good = {**future, f"{two}day": day}
    assert fill_in(client, path, **typed, **good).status_code == 302

    entry, _other = letter.stances.all()
    assert (entry.recipient, entry.kind, entry.entered_by) == (ward(1), "supports", bo)
    shown = client.get(path).text
    removal = f"{path}{entry.pk}/removal/"
    assert f'href="{removal}"' in shown
    assert "Letter" in client.get(removal).text
    assert letter.stances.count() == 2
    fill_in(client, removal)
    assert [s.recipient for s in letter.stances.all()] == [ward(2)]
    act = AuditEntry.objects.first()
    assert (act.username, act.kind, act.page) == ("bo", "erased", removal)
    history = f"/admin/letters/suggestedletter/{letter.pk}/history/"
    assert "Removed: Council Member, Ward 1" in client.get(history).text
    client.force_login(make_staff("cy", "Moderators"))
    assert client.get(path).status_code == 403


def test_what_writers_tell_us_is_a_hint_and_becomes_an_entry_by_one_press(
    client, letter
):
    for email in ("ada@mail.example", "bo@mail.example"):
        delivery = confirmed(letter, email=email).deliveries.get(recipient=ward(1))
        delivery.note_answer(was_answered=True, answered_on=date(2026, 2, 3))
    client.force_login(make_staff("bo", "Campaigners"))
    path = f"/admin/letters/suggestedletter/{letter.pk}/stances/"

    hint = client.get(path).text
    assert "2 writers say they got an answer, the newest on 3 Feb" in hint
    assert table(action_page(client, letter)) == []
    pressed = fill_in(client, path, **{f"r{ward(1).pk}-told": ""})

    assert pressed.status_code == 302
    entry = letter.stances.get()
    assert (entry.kind, entry.day) == ("answered", date(2026, 2, 3))
    assert "writers say" not in client.get(path).text
