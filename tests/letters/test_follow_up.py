"""One polite follow-up to those who have not answered, and never a second one."""

import html
import re
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from letters.models import Delivery, Letter, Recipient
from letters.receipt.follow_up import FollowUp
from outbox.models import Outcome, OutgoingMail
from supporters.models import Consent, Supporter
from tests.factories import (
    make_campaign,
    make_letter,
    make_staff,
)
from tests.letters.makers import confirmed, settle, states, sweep
from tests.letters.test_claiming import (
    wait_until_somebody_waits_for_a_row,
    with_own_connection,
)

pytestmark = pytest.mark.django_db
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
BUTTON = "Send one polite follow-up to"
ANSWERED = "not sent: they have answered, as far as we know now"
# Thirteen days hold at most nine workdays, and three weeks more than ten.
THREE_WEEKS = timedelta(days=21)


@pytest.fixture
def suggested():
    return make_letter(make_campaign(closes_at=timezone.now() + timedelta(days=600)))


@pytest.fixture
def letter(suggested):
    return handed_over(confirmed(suggested))


def handed_over(letter):
    """As if our mail service had taken it for everybody, three weeks ago."""
    then = timezone.now() - THREE_WEEKS
    for delivery in letter.deliveries.all():
        settle(delivery, at=then, reply="250 OK")
    Letter.objects.filter(pk=letter.pk).update(confirmed_at=then)
    return Letter.objects.get(pk=letter.pk)


def press(client, letter, **changes):
    """The button of the receipt, with what its form sends along."""
    page = client.get(letter.done_url).text
    found = re.search(r'name="seen" value="(\w+)"', page)
    data = {"seen": found[1] if found else "", **changes}
    return client.post(f"{letter.done_url}follow-up/", data)


def mails(mailbox):
    return {
        str(m["To"].addresses[0].addr_spec): m
        for m in mailbox.messages
        if "council.example" in m["To"]
    }


def offered(client, letter):
    """To how many the receipt offers to send one; 0 without a button."""
    found = re.search(rf"{BUTTON} (\d+)", client.get(letter.done_url).text)
    return int(found[1]) if found else 0


def leave_together(*letters):
    """As if they had left in one mail to each official."""
    for recipient in letters[0].suggested_letter.recipient_list.recipients.all():
        OutgoingMail.objects.queue("letters", recipient.pk, recipient.email)
        mail = OutgoingMail.objects.latest("pk")
        inside = Delivery.objects.filter(letter__in=letters, recipient=recipient)
        inside.update(mail=mail)
        settle(inside[0], at=inside[0].settled_at)


# When


# What


def test_it_quotes_the_day_and_stands_below_the_letter_in_their_mailbox(
    client, letter, mailbox, work
):
    officials = letter.suggested_letter.recipient_list
    officials.timezone = "America/Los_Angeles"
    officials.save()
    late = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)  # the evening before, there
    first, *_others = letter.deliveries.order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(settled_at=late)
    page = client.get(letter.done_url).text

    pressed = press(client, letter)
    work()

    assert pressed.url == f"{letter.done_url}#follow-up"
    got = mails(mailbox)
    assert set(got) == {f"ward{n}@council.example" for n in (1, 2, 3)}
    mail = got["ward1@council.example"]
    assert len(mail["To"].addresses) == 1  # nobody sees who else has not answered
    assert mail["Subject"] == "Re: Please help"
    first.refresh_from_db()
    assert mail["In-Reply-To"] == mail["References"] == first.sent_as
    assert mail["Message-ID"] != first.sent_as
    assert mail["Reply-To"].addresses[0].addr_spec == "ada@mail.example"
    text = mail.get_content().replace("\r\n", "\n")
    assert text.startswith(
        "Dear Council Member, Ward 1:\n\n"
        "On 5 January 2026 I wrote to you about “Please help”."
    )
    assert "Ada Lovelace, London, United Kingdom\n\n-- \n" in text
    # Its writer could not change the text.
    assert "sent this letter through" in text
    assert "We suggested a text" not in text
    # What the page has shown is what is sent, word for word, above our own lines.
    shown = re.search(r'<div class="sheet-body"[^>]*><p>(.*?)</p></div>', page, re.S)
    assert html.unescape(shown[1]) == text.partition("\n\n-- \n")[0]
    copy = [m for m in mailbox.messages if m["To"] == "ada@mail.example"][-1]
    assert copy["Subject"] == "A copy of your letter"
    assert letter.done_url in copy.get_body(("plain",)).get_content()
    second = got["ward2@council.example"].get_content()
    assert second.startswith("Dear Council Member, Ward 2:")
    assert "On 5 January 2026" not in second  # each was sent on a day of its own


def test_where_each_gets_the_letter_alone_it_is_about_that_one(client, mailbox, work):
    suggested = make_letter(body="[Salutation]\n\nHelp.\n\n[Your Name & City/Country]")
    letter = handed_over(confirmed(suggested, text="[Salutation]\n\nHelp.\n\nAda"))

    press(client, letter)
    work()

    for delivery in letter.deliveries.all():
        mail = mails(mailbox)[delivery.email]
        assert mail["In-Reply-To"] == delivery.sent_as


def test_headers_of_a_long_domain_stay_whole(client, letter, mailbox, work, settings):
    settings.MAIL_DOMAIN = f"{'mail.' * 20}campaign.example"

    press(client, letter)
    work()

    mail = mails(mailbox)["ward1@council.example"]
    first = letter.deliveries.get(label="Council Member, Ward 1")
    assert "".join(mail["References"].split()) == first.sent_as


def test_its_words_are_the_campaigns_and_are_looked_at(client, letter, mailbox, work):
    suggested = letter.suggested_letter
    for text, said in (
        ("[Salutation]\n\nPlease.\n\n[Your Name & City/Country]", "day of the first"),
        ("[Date of my letter]\n\n[Your Name & City/Country]", "[Salutation]"),
        ("[Salutation] [Date of my letter]", "writer’s name"),
        ("[Your own words]", "a sentence of their own"),
        ("[My date]", "is no placeholder"),
    ):
        suggested.follow_up = text
        with pytest.raises(ValidationError, match=re.escape(said)) as refused:
            suggested.clean()
        assert set(refused.value.message_dict) == {"follow_up"}
    suggested.body += "[Date of my letter]"
    with pytest.raises(ValidationError, match="in a follow-up"):
        suggested.clean()

    before = client.get(letter.done_url).text
    suggested.follow_up = (
        "[Salutation]\r\n\r\nOn [Date of my letter]: “[Subject of my letter]”.\r\n\r\n"
        "[Your Name & City/Country]"
    )
    suggested.body = suggested.body.removesuffix("[Date of my letter]")
    suggested.clean()
    suggested.save()
    seen = re.search(r'name="seen" value="(\w+)"', before)[1]
    refused = press(client, letter, seen=seen)

    # What was read is what leaves, or nothing does.
    assert refused.status_code == 409
    assert "The text has changed." in refused.text
    assert "“Please help”." in refused.text
    assert not Letter.objects.filter(follow_of=letter).exists()
    assert press(client, letter).status_code == 302


def test_a_letter_whose_text_is_gone_is_quoted_by_its_campaign(client, letter):
    Letter.objects.filter(pk=letter.pk).remove_text()

    assert press(client, letter).status_code == 302

    written = Letter.objects.get(follow_of=letter)
    assert written.subject == f"Re: {letter.campaign.title}"
    assert f"about “{letter.campaign.title}”" in written.text


def test_a_subject_of_any_length_fits(client, letter):
    Letter.objects.filter(pk=letter.pk).update(subject="x" * 150)

    press(client, letter)

    assert len(Letter.objects.get(follow_of=letter).subject) == 150


# To whom


# Once


def test_it_is_sent_once(client, letter, mailbox, work):
    assert press(client, letter).status_code == 302
    again = press(client, letter)
    work()
    sweep()
    work()

    assert again.status_code == 302
    assert len(mails(mailbox)) == 3
    assert Letter.objects.count() == 2
    page = client.get(letter.done_url).text
    assert "You cannot send another one." in page
    assert BUTTON not in page
    assert page.count("<strong>Follow-up:</strong> handed to our mail service") == 3
    written = Letter.objects.get(follow_of=letter)
    assert not FollowUp(written).is_offered
    for model, row in ((Letter, written), (Delivery, written.deliveries.first())):
        row.pk = None
        if model is Letter:
            row.receipt_key = "another"
        else:
            row.letter = letter
            row.recipient = Recipient.objects.create(
                list=row.recipient.list, email="x@council.example"
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.bulk_create([row])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_sends_it():
    letter = handed_over(confirmed(make_letter()))

    def send():
        step = FollowUp(Letter.objects.get(pk=letter.pk))
        step.send(seen=step.seen, page="/")

    others = [threading.Thread(target=with_own_connection(send)) for _ in range(2)]
    with transaction.atomic():
        Letter.objects.select_for_update().get(pk=letter.pk)
        for other in others:
            other.start()
        wait_until_somebody_waits_for_a_row()
    for other in others:
        other.join(300)

    assert Letter.objects.filter(follow_of=letter).count() == 1
    assert Delivery.objects.exclude(follows=None).count() == 3
    assert Consent.objects.count() == 1


# Whose, and how many


def test_only_a_press_by_its_writer_sends_it(client, stranger, letter, suggested):
    address = f"{letter.done_url}follow-up/"
    thanks = Letter.objects.get(pk=confirmed(suggested, email="b@mail.example").pk)
    Letter.objects.filter(pk=thanks.pk).update(is_thanks=True)
    thanks.deliveries.update(
        outcome=Outcome.SENT, settled_at=timezone.now() - THREE_WEEKS
    )

    assert client.get(letter.done_url).status_code == 200
    assert client.head(address).status_code == client.get(address).status_code == 405
    assert stranger.post(address).status_code == 403
    for path in (
        address.replace(letter.receipt_key, "x" * 22),
        address.replace(letter.campaign.slug, "another"),
    ):
        assert client.post(path, {"seen": FollowUp(letter).seen}).status_code == 404
    for seen in ("", "x", "\x00", "x" * 1000):
        assert client.post(address, {"seen": seen}).status_code == 409
    assert press(client, thanks).status_code == 409
    assert not Letter.objects.exclude(follow_of=None).exists()


def test_an_official_gets_no_more_from_one_writer_by_it(client, letter, settings):
    settings.LIMIT_LETTERS_A_DAY = 1
    confirmed(letter.suggested_letter, text="Something else.")

    refused = press(client, letter)

    assert refused.status_code == 409
    assert "sent enough letters today" in refused.text
    Letter.objects.exclude(pk=letter.pk).update(
        confirmed_at=timezone.now() - timedelta(days=2)
    )
    assert press(client, letter).status_code == 302


def test_a_follow_up_is_no_letter_of_one_more(client, letter, suggested):
    before = suggested.sent_count()
    press(client, letter)

    assert suggested.sent_count() == before
    client.force_login(make_staff("bo", "Campaigners"))
    for name, number in (("letter", 1), ("delivery", 3)):
        listed = client.get(f"/admin/letters/{name}/").text
        assert listed.count(">follow-up</td>") == number


# What belongs to its writer


def test_my_page_offers_it_and_the_file_holds_it(client, letter):
    supporter = Supporter.objects.get()
    rows = Letter.objects.of_supporter(supporter)

    [first] = rows.for_my_page()
    assert FollowUp(first).is_offered
    press(client, letter)
    follow_up, first = rows.for_my_page()

    assert not FollowUp(first).is_offered
    assert follow_up.done_url == first.done_url
    assert [row["kind"] for row in rows.export()] == ["letter", "follow-up"]
    [consent] = Consent.objects.all()
    assert consent.words.startswith("We send this in your name")


@pytest.mark.parametrize("is_first", [True, False])
def test_who_deletes_the_letter_deletes_its_follow_up(
    client, letter, mailbox, work, is_first
):
    press(client, letter)
    written = Letter.objects.get(follow_of=letter)
    rows = Letter.objects.filter(pk=letter.pk if is_first else written.pk)

    rows.erase()
    work()

    written.refresh_from_db()
    assert (written.name, written.text, written.confirmation) == ("", "", None)
    assert mails(mailbox) == {}
    assert (
        states(written)
        == ["not sent: the campaign stopped it, so this office did not get it"] * 3
    )
    if not is_first:  # and there is never another one
        assert offered(client, letter) == 0
        assert "Your follow-up" not in client.get(letter.done_url).text


def test_the_desk_shows_it_beforehand(client, suggested):
    client.force_login(make_staff("bo", "Campaigners"))

    page = client.get(f"/admin/letters/suggestedletter/{suggested.pk}/preview/").text

    assert "I wrote to you about “Please help”" in page
    assert "[" not in re.search(r"I wrote to you.*", page)[0]
