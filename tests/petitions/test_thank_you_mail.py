"""After confirming comes one mail of thanks, with the link to what an action did."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from outbox.models import OutgoingMail, Suppression
from outbox.reports import COMPLAINED, MailReport
from petitions.models import Signature
from petitions.signing.models import THANKS_AFTER
from supporters.acts.refusals import note_report
from tests.factories import ADA, make_counted, make_letter, make_petition, sign
from tests.letters.makers import confirmed
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db
SUBJECT = "Thank you for signing"
SPAM = MailReport(COMPLAINED)


@pytest.fixture
def thanks(work, mailbox, time_machine):
    """A function that lets ten minutes go by; the mails of thanks that came."""

    def thanks():
        time_machine.move_to(timezone.now() + THANKS_AFTER)
        work()
        return [m for m in mailbox.messages if m["Subject"] == SUBJECT]

    return thanks


def text_of(mail, kind="plain"):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def path_in(mail):
    """The address of the own page, as its reader opens it."""
    [line] = [each for each in text_of(mail).splitlines() if "/thanks/" in each]
    return line.removeprefix("http://testserver")


def stop_path(mail):
    """Where a mail program posts to stop such mails."""
    return mail["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")


def test_a_signer_who_is_counted_is_thanked_once_in_our_words(thanks):
    petition = make_petition()
    signature = sign(petition)
    assert thanks() == []

    signature.confirm()
    signature.confirm()

    [mail] = thanks()
    assert "Unsubscribe from thank-you emails:" in text_of(mail)
    text = text_of(mail)
    assert mail["To"] == "ada@mail.example"
    assert "Thank you. Your name counts." in text
    assert "once, because you signed this petition" in text
    assert petition.ask in text
    assert signature.referral.own_link in text
    assert f"/{petition.campaign.slug}/signatures/thanks/" in text
    assert "Ada" not in text.replace("ada@", "")


def test_the_privacy_page_says_that_it_comes(client):
    assert "we send you one thank-you email" in client.get("/privacy/").text


def test_the_campaign_writes_it(thanks):
    petition = make_petition()
    petition.campaign.thanks_text = "Bo thanks you.\n\nThe vote is on Monday <b>."
    petition.campaign.save()
    sign(petition).confirm()

    [mail] = thanks()

    assert "Bo thanks you.\n\nThe vote is on Monday <b>." in text_of(mail)
    html = text_of(mail, "html")
    lines = re.findall(r"<p[^>]*>(.*?)</p>", html)
    said = ["Bo thanks you.", "The vote is on Monday &lt;b&gt;."]
    assert lines[lines.index(said[0]) :][:2] == said
    assert "Your name counts" not in text_of(mail)


def test_nobody_is_thanked_twice_for_the_same_petition(thanks):
    petition = make_petition()
    first = sign(petition)
    first.confirm()
    sign(petition, city="Paris").confirm()
    first.withdraw()
    assert len(thanks()) == 0

    sign(petition).confirm()
    assert len(thanks()) == 0

    sign(make_petition()).confirm()
    assert len(thanks()) == 1


def test_who_takes_the_name_back_at_once_and_signs_again_is_not_thanked(thanks):
    petition = make_petition()
    first = sign(petition)
    first.confirm()
    first.withdraw()
    sign(petition).confirm()

    assert thanks() == []


def test_who_wants_no_more_emails_is_not_thanked(thanks):
    signature = sign(make_petition())
    signature.confirm()
    signature.confirmation.supporter.unsubscribe()
    assert thanks() == []

    sign(make_petition()).confirm()
    assert thanks() == []

    sign(make_petition(), email="bo@mail.example").confirm()
    assert [mail["To"] for mail in thanks()] == ["bo@mail.example"]


def test_who_calls_it_spam_is_not_thanked_for_the_next_petition(thanks):
    sign(make_petition()).confirm()
    [mail] = thanks()
    note_report(OutgoingMail.objects.get(purpose="signature_thanks"), SPAM)

    sign(make_petition()).confirm()

    assert thanks() == [mail]


def test_who_has_called_it_spam_gets_it_again_once_they_ask(
    client, mailbox, work, thanks
):
    sign(make_petition()).confirm()
    thanks()
    note_report(OutgoingMail.objects.get(purpose="signature_thanks"), SPAM)
    here = enter(client, mailbox, work)
    number = len(thanks())

    client.post(f"{here}mails/", {"resume": "signature_thanks"})

    sign(make_petition()).confirm()
    assert len(thanks()) == number + 1


def test_a_forwarded_mail_starts_nothing_that_its_owner_has_called_spam(client, thanks):
    sign(make_petition()).confirm()
    [mail] = thanks()
    note_report(OutgoingMail.objects.get(purpose="signature_thanks"), SPAM)
    before = set(Suppression.objects.values_list("purpose", "reason"))

    page = client.post(stop_path(mail), {"resume": ""}).text

    assert "You will get no more of these" in page
    assert 'name="resume"' not in page
    assert 'Ask for them on <a href="/mine/">your page</a>' in page
    assert set(Suppression.objects.values_list("purpose", "reason")) == before
    sign(make_petition()).confirm()
    assert thanks() == [mail]


def test_a_mail_program_stops_it_with_one_click(thanks):
    sign(make_petition()).confirm()
    [mail] = thanks()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop_path(mail) in text_of(mail)
    assert stop_path(mail) in text_of(mail, "html")
    program = Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "cross-site"})

    for _ in range(2):
        answer = program.post(stop_path(mail), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200

    sign(make_petition()).confirm()
    assert thanks() == [mail]


def test_my_page_shows_that_it_is_stopped_and_starts_it_again(
    client, mailbox, work, thanks
):
    signature = sign(make_petition())
    signature.confirm()
    thanks()
    here = enter(client, mailbox, work)
    assert "Emails called" not in client.get(here).text
    signature.confirmation.supporter.stop("signature_thanks")

    page = client.get(here).text
    assert "Emails called “Thank you for signing”" in page
    assert "You have stopped them." in page

    done = client.post(f"{here}mails/", {"resume": "signature_thanks"}, follow=True)
    assert "You will get these emails again." in done.text
    assert "Emails called" not in done.text
    number = len(thanks())
    sign(make_petition()).confirm()
    assert len(thanks()) == number + 1
    assert client.post(f"{here}mails/", {"resume": "my_page"}).status_code == 400


def test_looking_stops_nothing_and_a_button_starts_it_again(client, thanks):
    petition = make_petition()
    sign(petition).confirm()
    [mail] = thanks()
    path = stop_path(mail)

    client.head(path)
    page = client.get(path).text
    assert "Stop emails called “Thank you for signing”?" in page
    assert "Ada" not in page
    sign(make_petition()).confirm()
    assert len(thanks()) == 2
    assert "You will get no more of these" in client.post(path).text
    assert "You will get no more of these" in client.get(path).text
    assert "You will get them again." in client.post(path, {"resume": ""}).text

    sign(make_petition()).confirm()
    assert len(thanks()) == 3


@pytest.mark.parametrize("key", ["1", "1.x", "x.y.z", "1.update.x", "é"])
def test_a_made_up_key_stops_nothing(client, key):
    make_counted(make_petition(), **ADA)

    answer = client.post(f"/emails/{key}/cancellation/")

    assert answer.status_code == 410
    assert "There is nothing to stop" in answer.text
    assert not Suppression.objects.exists()


def test_the_form_says_that_it_comes(client):
    make_petition()

    page = client.get("/campaign-1/").text

    assert "ask you to confirm it by email, then thank you once." in page


def test_nobody_is_thanked_days_later(thanks, time_machine):
    sign(make_petition()).confirm()

    time_machine.move_to(timezone.now() + timedelta(days=2))

    assert thanks() == []


def test_the_second_person_of_a_mailbox_is_thanked_too(thanks):
    petition = make_petition()
    sign(petition).confirm()
    sign(petition, name="Bo Li").confirm()

    assert len(thanks()) == 2


def test_mail_and_count_are_stored_together_or_not_at_all(monkeypatch):
    signature = sign(make_petition())

    def fails(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr(OutgoingMail.objects, "queue", fails)
    with pytest.raises(OSError):
        Signature.objects.get(pk=signature.pk).confirm()

    signature.refresh_from_db()
    assert not signature.counted
    assert not OutgoingMail.objects.filter(purpose="signature_thanks").exists()


def test_a_forwarded_link_shows_what_the_mail_says_and_no_more(client, thanks, mailbox):
    petition = make_petition()
    suggested = make_letter(petition.campaign)
    sign(petition).confirm()
    [mail] = thanks()
    ada = Signature.objects.get()
    make_counted(petition, email="bo@mail.example", referral_code=ada.share_code)
    confirmed(suggested)
    thanks()
    path = path_in(mail)

    page = client.get(path).text

    assert "You signed" in page
    assert ada.referral.own_link.partition("?")[2] in page
    assert "Ada" not in page
    assert "through your link." not in page
    assert "You wrote the letter" not in page
    mailbox.clear()

    client.post(path, follow=True)
    thanks()
    page = client.post(mailbox.path_to("opening"), follow=True)

    assert page.request["PATH_INFO"] == path
    assert "Thank you, <bdi>Ada Lovelace</bdi>." in page.text
    assert "1 person has signed through your link." in page.text
    assert "You wrote the letter" in page.text


def test_the_link_opens_nothing_once_its_signature_is_erased(client, thanks):
    signature = sign(make_petition())
    signature.confirm()
    [mail] = thanks()
    supporter = signature.confirmation.supporter
    assert client.get(path_in(mail)).status_code == 200

    supporter.erase()
    cache.clear()

    page = client.get(path_in(mail))
    assert page.status_code == 410
    assert "The signature that this link belongs to is no longer stored" in page.text
    assert "few weeks" not in page.text
    assert client.post(stop_path(mail)).status_code == 410


@pytest.mark.parametrize("key", ["1", "1.x", "x.y", "9" * 30 + ".x", "1.%00"])
def test_a_made_up_key_opens_nothing(client, key):
    make_counted(make_petition(), **ADA)

    answer = client.get(f"/campaign-1/signatures/thanks/{key}/")

    assert answer.status_code in (400, 404, 410)
