"""From "Send my letter" to the receipt, as a supporter goes."""

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from letters.models import Letter
from supporters.acts.act import TooLate
from supporters.models import Consent
from tests.factories import make_campaign, make_letter, make_petition, make_recipients
from tests.letters.makers import confirmed, make_one_of_each, states, write

pytestmark = pytest.mark.django_db
HERE = "/campaign-1/letter/"


@pytest.fixture
def suggested():
    return make_letter()


def form(suggested, **fields):
    return {
        "name": "Ada Lovelace",
        "place": "London",
        "own_words": "I love dogs.",
        "subject": suggested.subject,
        "body": suggested.body,
        "email": "ada@mail.example",
        "send": "",
        **fields,
    }


def preview(suggested, **fields):
    typed = form(suggested, preview="", **fields)
    del typed["send"]
    return typed


def test_no_letter_is_taken_once_its_campaign_is_over(suggested):
    """Also for a request that saw its page in time."""
    suggested.campaign.close()

    with pytest.raises(TooLate):
        write(suggested)

    assert not Letter.objects.exists()


def test_a_letter_is_confirmed_by_mail_and_then_leaves(
    client, mailbox, work, suggested
):
    inbox = client.post(HERE, form(suggested), follow=True)
    work()
    asked = mailbox.text()
    shown = client.get(mailbox.path_to("confirmation"))

    receipt = client.post(mailbox.path_to("confirmation"), follow=True)
    work()

    assert "We send your letter only after you have confirmed." in inbox.text
    assert "I love dogs." not in asked
    assert "Ada" not in asked
    assert "I love dogs." in shown.text
    assert "What happens to your letter" in receipt.text
    waits = "Not sent yet: it usually leaves within a few minutes"
    assert receipt.text.count(waits) == 1
    assert "<h2>What you can do now</h2>" in receipt.text
    assert "Ask one friend" in receipt.text
    assert 'action="/campaign-1/follows/"' in receipt.text
    assert 'href="/campaign-1/">Back to the campaign</a>' in receipt.text
    arrived = [m for m in mailbox.messages if "council.example" in m["To"]]
    assert len(arrived) == 3
    assert "I love dogs.\r\n\r\nThank you." in arrived[0].get_content()
    assert arrived[0]["Reply-To"] == "Ada Lovelace <ada@mail.example>"


def test_the_writer_gets_a_copy_with_the_way_to_the_receipt(
    client, mailbox, work, suggested
):
    client.post(HERE, form(suggested))
    work()
    client.post(mailbox.path_to("confirmation"))
    mailbox.clear()
    work()

    [copy] = [m for m in mailbox.messages if m["To"] == "ada@mail.example"]
    text = copy.get_body(("plain",)).get_content().replace("\r", "")
    assert copy["Subject"] == "A copy of your letter"
    assert "I love dogs." in text
    [path] = [line for line in text.split() if line.endswith("/receipt/")]
    page = client.get(path.removeprefix("http://testserver"))
    assert page.text.count("Handed to our mail service<") == 3
    assert page["Cache-Control"] == "no-store"


def test_a_browser_that_has_just_confirmed_this_address_gets_no_second_mail(
    client, mailbox, work, suggested
):
    petition = make_petition(suggested.campaign)
    client.post(
        "/campaign-1/signatures/",
        {"name": "Ada L", "email": "ada@mail.example", "country": "GB"},
    )
    work()
    client.post(mailbox.path_to("confirmation"))
    prefilled = client.get(HERE).text

    page = client.post(HERE, form(suggested), follow=True)

    assert 'value="ada@mail.example"' in prefilled
    assert "What happens to your letter" in page.text
    assert Letter.objects.get().confirmed_at is not None
    assert petition.standing.count == 1


def test_another_address_in_the_same_browser_is_asked(client, mailbox, work, suggested):
    client.post(HERE, form(suggested))
    work()
    client.post(mailbox.path_to("confirmation"))

    page = client.post(HERE, form(suggested, email="bo@mail.example"), follow=True)

    assert "Now check your email" in page.text


def test_the_code_sends_it_as_well(client, mailbox, work, suggested):
    inbox = client.post(HERE, form(suggested)).url
    work()

    page = client.post(f"{inbox}code/", {"code": mailbox.code()}, follow=True)

    assert "What happens to your letter" in page.text


def test_what_was_agreed_to_is_what_the_page_says(client, suggested):
    page = client.get(HERE).text

    client.post(HERE, form(suggested))

    consent = Consent.objects.get()
    assert consent.words in page.replace("&#x27;", "'")
    assert "anybody can ask to see letters" in consent.words


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "Enter your full name."),
        ("Ada https://x.example", "Enter your name without a web or email address."),
        ("ada@mail.example", "Enter your name without a web or email address."),
        ("Ada\nBcc: all@x.example", "Write this on one line."),
        ("Ada <b>King</b>", "Write this without formatting code."),
        ("???", "Enter your full name."),
    ],
)
def test_a_name_that_its_writer_can_mend_is_refused_and_all_is_kept(
    client, suggested, name, error
):
    page = client.post(HERE, form(suggested, name=name))

    assert page.status_code == 422
    assert error in page.text
    assert "I love dogs." in page.text
    assert 'value="ada@mail.example"' in page.text
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("council member ward 2", "posing"),
        ("LETTERS for Animals Team", "posing"),
        ("Cоuncil Mеmber, Ward 2", "posing"),
        ("Ada 661 555 0199", "phone"),
    ],
)
def test_a_letter_under_a_doubtful_name_waits_for_a_person(
    client, suggested, settings, name, reason
):
    settings.SITE_NAME = "Letters for Animals"

    client.post(HERE, form(suggested, name=name))

    letter = Letter.objects.get()
    assert (letter.is_held, letter.held_for) == (True, reason)


def test_officials_may_be_told_where_their_writer_lives(client, suggested):
    text = "I live at 12 Oak Street. Call me: 661 555 0199, see https://ada.example"

    client.post(HERE, form(suggested, place="12 Oak Street, London", own_words=text))

    assert not Letter.objects.get().is_held


def test_without_an_address_it_is_not_sent(client, suggested):
    page = client.post(HERE, form(suggested, email=""))

    assert page.status_code == 422
    assert "Enter your email address." in page.text


def test_a_locked_ask_must_stay(client):
    suggested = make_letter(
        ask="Make it dog meat free.",
        body="Dear all:\n\n[The ask]\n\n[Your Name & City/Country]",
    )

    without = client.post(HERE, form(suggested, body="Hi [Your Name & City/Country]"))
    client.post(HERE, form(suggested))

    assert "Keep [The ask] in your letter" in without.text
    assert "Make it dog meat free." in Letter.objects.get().text


def test_a_letter_is_previewed_as_the_first_recipient_gets_it(client):
    suggested = make_letter(
        body="[Salutation]\n\nPlease.\n\n[Your Name & City/Country]"
    )

    page = client.post(HERE, preview(suggested))

    assert "Dear Council Member, Ward 1:" in page.text


def test_an_address_that_came_back_is_left_out_and_the_page_says_so(
    client, mailbox, work, suggested
):
    suggested.recipient_list.recipients.first().mark_bounced("550 5.1.1 gone")

    page = client.get(HERE).text
    client.post(HERE, form(suggested))
    work()
    client.post(mailbox.path_to("confirmation"))

    assert "Emails to Council Member, Ward 1 came back" in page
    assert len(states(Letter.objects.get())) == 2


def test_a_letter_for_an_ended_campaign_does_not_leave(
    client, mailbox, work, suggested
):
    client.post(HERE, form(suggested))
    work()
    suggested.campaign.close()

    page = client.post(mailbox.path_to("confirmation"))

    assert page.status_code == 410
    assert "It is too late to send this letter" in page.text
    assert not Letter.objects.get().deliveries.exists()


def test_an_official_gets_three_letters_a_day_from_one_writer(
    client, mailbox, work, suggested
):
    client.post(HERE, form(suggested))
    work()
    client.post(mailbox.path_to("confirmation"))
    for animals in ("cats", "birds"):
        client.post(HERE, form(suggested, own_words=f"I love {animals}."))

    page = client.post(HERE, form(suggested, own_words="I love horses."))

    assert page.status_code == 422
    assert "You have sent enough letters today." in page.text
    assert "I love horses." in page.text
    assert Letter.objects.confirmed().count() == 3


def test_another_spelling_of_the_address_is_not_another_writer(
    client, mailbox, work, suggested
):
    pages = []
    for n in range(5):
        typed = {"email": f"ada+{n}@mail.example", "own_words": f"My reason {n}."}
        client.post(HERE, form(suggested, **typed))
        letter = Letter.objects.latest("pk")
        token = letter.confirmation.link_key
        pages.append(
            client.post(f"/campaign-1/letters/{token}/confirmation/").status_code
        )

    assert pages == [302, 302, 302, 429, 429]
    assert Letter.objects.confirmed().count() == 3


def test_the_writer_tells_of_an_answer(client, mailbox, work, suggested):
    client.post(HERE, form(suggested))
    work()
    receipt = client.post(mailbox.path_to("confirmation")).url
    delivery = Letter.objects.get().deliveries.first()
    address = f"{receipt}answers/{delivery.pk}/"

    empty = client.post(address, {"answer": "They said"})
    told = client.post(
        address, {"was_answered": "yes", "answer": "They will ask."}, follow=True
    )
    today = date_format(timezone.localdate(), "DATE_FORMAT")

    assert empty.status_code == 422
    assert "Did they answer you? Choose yes or no." in empty.text
    assert "They said" in empty.text
    assert f"Answered on {today}, as you told us" in told.text
    delivery.refresh_from_db()
    assert (delivery.was_answered, delivery.answer) == (True, "They will ask.")


def test_only_who_may_have_got_it_is_asked_about(client):
    letter = make_one_of_each()

    page = client.get(letter.done_url).text

    asked = [
        item.partition("</h3>")[0].rpartition(">")[2]
        for item in page.split('<li class="delivery ')[1:]
        if "/answers/" in item
    ]
    # Handed over, accepted, perhaps arrived, and answered; not what waits, was refused,
    # came back, was given up or stopped.
    assert asked == [f"Council Member, Ward {n}" for n in (3, 4, 5, 10)]


@pytest.mark.parametrize(
    ("day", "status", "shown"),
    [
        ("2026-11-02", 200, "Answered on 2 November 2026, as you told us"),
        ("2999-01-01", 422, "Enter a day that is not in the future."),
        ("yesterday", 422, "Enter the day like 2026-11-30."),
    ],
)
def test_the_writer_says_when_the_answer_came(client, suggested, day, status, shown):
    letter = confirmed(suggested)
    address = f"{letter.done_url}answers/{letter.deliveries.first().pk}/"

    told = client.post(
        address, {"was_answered": "yes", "answered_on": day}, follow=True
    )

    assert told.status_code == status
    assert shown in told.text
    assert f'value="{day}"' in told.text


def test_a_receipt_opens_only_with_its_key_and_once_confirmed(
    client, mailbox, work, suggested
):
    client.post(HERE, form(suggested))
    work()
    letter = Letter.objects.get()
    address = f"/campaign-1/letters/{letter.receipt_key}/receipt/"

    assert client.get(address).status_code == 404
    client.post(mailbox.path_to("confirmation"))
    assert client.get(address).status_code == 200
    make_campaign(slug="other")
    assert client.get(address.replace("campaign-1", "other")).status_code == 404


def test_a_flood_of_letters_waits_for_a_person(client, mailbox, work, settings):
    settings.LIMIT_ACTS_BEFORE_HELD = 0
    suggested = make_letter(recipients=make_recipients(1))

    page = client.post(HERE, form(suggested), follow=True)
    work()

    assert "Now check your email" in page.text
    assert mailbox.messages == []
    assert Letter.objects.held().count() == 1


def test_what_looks_private_is_pointed_out_and_nothing_is_blocked(client, suggested):
    words = "Call me: +1 661 555 0134, 12 Main Street."

    looked = client.post(HERE, preview(suggested, own_words=words))
    sent = client.post(HERE, form(suggested, own_words=words))

    assert sent.status_code == 302
    assert "a phone number (+1 661 555 0134)" in looked.text
    assert "a street address (12 Main Street)" in looked.text


def test_all_that_is_missing_is_said_at_once(client, suggested):
    typed = preview(suggested, name="", body="", draft="")

    page = client.post(HERE, typed)

    assert page.status_code == 422
    assert "Enter a message." in page.text
    assert "Enter your full name." in page.text
