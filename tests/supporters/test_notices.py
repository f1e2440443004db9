"""Notices of illegal content: anybody sends one, and is told what was decided."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.models import OutgoingMail
from staff.models import Alert
from supporters.models import Report, RetentionRun
from tests.answers import subject
from tests.factories import make_campaign, make_staff
from tests.staff.forms import fields_of

pytestmark = pytest.mark.django_db
INBOX = "/admin/inbox/reports/"
FORM = "/notices/"
TYPED = {
    "location": "http://testserver/campaign-1/",
    "law": "defamation",
    "words": "It says that I stole money. <b>I did not.</b>",
    "name": "Eve Example",
    "email": "eve@mail.example",
    "is_true": "on",
}


@pytest.fixture(autouse=True)
def campaign(mailbox):
    return make_campaign()


def to_notifier(mailbox):
    """The mails to Eve, without the alerts to staff."""
    return [m for m in mailbox.messages if m["To"] == TYPED["email"]]


def answer_in_inbox(client, *notices, **typed):
    """Send the form by which the inbox asks for an answer to these notices."""
    keys = [notice.pk for notice in notices]
    sent = {"decision": "answer", "sure": "1", "row": keys, "up_to": max(keys)}
    return client.post(INBOX, {**sent, **typed}, follow=True)


def words_of(message):
    return message.get_body(("plain",)).get_content()


@pytest.fixture
def send(client):
    def send(**typed):
        return client.post(FORM, {**TYPED, **typed})

    return send


@pytest.fixture
def decide(client, work):
    """Decide as Cy in the inbox, and let the minutes pass."""

    def decide(notice, **typed):
        client.force_login(make_staff("cy", "Moderators"))
        answer = answer_in_inbox(client, notice, **typed)
        OutgoingMail.objects.open().update(due_at=timezone.now())
        work()
        return answer

    return decide


def test_somebody_sends_a_notice_and_gets_its_number_and_a_receipt(
    client, send, mailbox, work
):
    page = client.get(send().url)
    work()

    notice = Report.objects.get()
    assert notice.reference in page.text
    assert "We have your report" in page.text
    [receipt] = to_notifier(mailbox)
    assert subject(receipt) == "We have your report"
    assert notice.reference in words_of(receipt)
    assert Report.objects.get().receipt_at is not None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"location": ""}, "Paste the address of the page."),
        ({"location": "https://elsewhere.example/"}, "a page of this site, like"),
        ({"location": "javascript:alert(1)"}, "a page of this site, like"),
        ({"location": "http://[/"}, "a page of this site, like"),
        ({"location": "http://testserver/admin/"}, "a page of this site, like"),
        ({"location": "http://testserver/mine/Abc/"}, "Only you can open this page."),
        ({"law": ""}, "Choose what is wrong with it."),
        ({"words": ""}, "Say why it is against the law."),
        ({"name": ""}, "Enter your name."),
        ({"email": ""}, "Enter your email address"),
        ({"is_true": ""}, "Tick the box to say that what you wrote is true."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(send, typed, sentence):
    answer = send(**typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "&lt;b&gt;I did not.&lt;/b&gt;" in answer.text or "words" in typed
    assert not Report.objects.exists()


def test_pictures_of_the_abuse_of_a_child_are_reported_without_a_name(client, send):
    page = client.get(send(law="child", name="", email="").url)

    assert "Keep the address of this page." in page.text
    assert not OutgoingMail.objects.exclude(purpose="alert").exists()


def test_the_address_is_kept_without_what_follows_a_question_mark(send):
    send(location="http://testserver/campaign-1/?key=secret#story")

    assert Report.objects.get().location == "/campaign-1/#story"


@pytest.mark.parametrize(
    ("mark", "kept"),
    [("#comments", "#comments"), ("#:~:text=Eve Example", ""), ("#a@mail.example", "")],
)
def test_no_words_are_kept_with_the_address(send, mark, kept):
    send(location=f"http://testserver/campaign-1/{mark}")

    assert Report.objects.get().location == f"/campaign-1/{kept}"


def test_a_button_that_is_pressed_twice_sends_one_notice(send):
    assert send().url == send().url
    assert Report.objects.count() == 1


def test_another_site_cannot_send_the_form(client):
    answer = client.post(FORM, TYPED, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert not Report.objects.exists()


def test_staff_decide_and_the_notifier_reads_it_with_what_they_can_do(
    client, send, decide, mailbox, work
):
    send()
    work()
    notice = Report.objects.get()

    page = decide(notice, outcome="removed", reasons="It named no source.")

    assert "We email the person who sent it" in page.text
    decided = to_notifier(mailbox)[-1]
    assert subject(decided) == "We have decided on your report"
    text = words_of(decided)
    assert "taken off the site" in text
    assert "It named no source." in text
    assert "You can also go to court." in text
    notifiers = client.get(mailbox.newest_path("/notices/"))
    assert "It named no source." in notifiers.text


def test_nobody_decides_twice(send, decide):
    send()
    notice = Report.objects.get()
    decide(notice, outcome="kept", reasons="It is an opinion.")

    notice.refresh_from_db()
    Report.objects.filter(pk=notice.pk).decide("removed", by=None)

    assert Report.objects.get().decision == "kept"


def test_a_decision_without_reasons_is_not_taken(send, decide):
    send()

    answer = decide(Report.objects.get(), outcome="kept")

    assert answer.status_code == 422
    assert Report.objects.get().decided_at is None


def test_only_who_may_decide_does(client, send):
    send()
    notice = Report.objects.get()
    client.force_login(make_staff("nobody"))

    page = client.get(f"/admin/supporters/report/{notice.pk}/change/")
    answer = answer_in_inbox(client, notice, outcome="kept", reasons="No.")

    assert (page.status_code, answer.status_code) == (403, 403)
    assert "Eve" not in page.text
    assert Report.objects.open().exists()


def test_an_answer_is_undone_and_nobody_is_told(client, send, mailbox, work):
    send()
    work()
    mailbox.clear()
    client.force_login(make_staff("cy", "Moderators"))
    notice = Report.objects.get()

    done = answer_in_inbox(client, notice, outcome="kept", reasons="No.")
    client.post(INBOX, {**fields_of(done), "decision": "undo"})
    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()

    assert Report.objects.open().get().reasons == ""
    assert to_notifier(mailbox) == []


@pytest.mark.parametrize(
    "token",
    ["", "x", "2026-13-01T00:00:00+00:00", "{naive}", "0001-01-01T00:00:00+23:59"],
)
def test_an_undo_of_no_decision_changes_nothing(client, send, token):
    send()
    cy = make_staff("cy", "Moderators")
    client.force_login(cy)
    notice = Report.objects.get()
    answer_in_inbox(client, notice, outcome="kept", reasons="No.")
    notice.refresh_from_db()
    naive = notice.decided_at.replace(tzinfo=None).isoformat()

    last = token.format(naive=naive)
    done = client.post(INBOX, {"decision": "undo", "last": last}, follow=True)

    assert "Somebody has already decided on these." in done.text
    assert not Report.objects.open().exists()


def test_staff_are_told_once_and_the_alert_ends_with_the_last_notice(send, decide):
    make_staff("bo", "Campaigners")
    send()
    send(words="Another reason.")

    assert Alert.objects.filter(kind="notice").count() == 1
    for notice in Report.objects.all():
        Report.objects.filter(pk=notice.pk).decide("kept", by=None)
    assert Alert.objects.get(kind="notice").closed_at is not None


def test_the_record_is_downloaded_without_names_and_addresses(client, send, decide):
    send(words="=1+1")
    decide(Report.objects.get(), outcome="kept", reasons="=cmd|' /C calc'!A0")
    chosen = {"action": "as_csv", "_selected_action": [Report.objects.get().pk]}

    answer = client.post("/admin/supporters/report/", chosen)

    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("reference number,received,")
    assert "left on the site" in text
    assert Report.objects.get().reference in text
    assert "'=cmd" in text
    assert "Eve" not in text
    assert "eve@" not in text


# What an attacker tries.


def test_a_flood_of_notices_is_slowed_down_and_says_so(send, settings):
    settings.LIMIT_NOTICES = 3
    answers = [send(words=f"Reason {number}.") for number in range(5)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 422, 422]
    assert "Try again in an hour." in answers[-1].text
    assert "Reason 4." in answers[-1].text


def test_somebody_elses_address_gets_a_few_mails_whatever_is_sent(
    send, mailbox, work, settings
):
    settings.LIMIT_NOTICES = 100
    for number in range(20):
        send(words=f"Reason {number}.")
        work()

    assert len(to_notifier(mailbox)) == settings.LIMIT_MAILS_TO_ADDRESS
    assert OutgoingMail.objects.open().count() == 1


def test_twenty_decisions_are_told_in_one_mail(send, mailbox, work, settings):
    settings.LIMIT_NOTICES = 100
    for number in range(20):
        send(words=f"Reason {number}.")
    Report.objects.all().decide("kept", by=None, reasons="No.")
    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()

    [decided] = [m for m in to_notifier(mailbox) if "decided" in subject(m)]
    assert words_of(decided).count("Reference number") == 20
    notice = Report.objects.first()
    assert words_of(decided).count(notice.get_law_display()) == 20
    assert words_of(decided).count(notice.campaign.full_title) == 20


def test_the_mail_holds_nothing_that_was_typed(send, mailbox, work):
    send(words="Buy pills.", name="Buy Pills", location="/campaign-1/#buy-pills")
    work()

    for part in to_notifier(mailbox)[-1].walk():
        if part.get_content_maintype() == "text":
            assert not re.search("buy.pills", part.get_content(), re.I)


def test_whoever_did_not_send_it_ends_the_mails_for_good(client, send, mailbox, work):
    send()
    work()
    page = mailbox.newest_path("/notices/")
    assert "I did not send this report" in client.get(page).text
    assert Report.objects.get().email  # looking changes nothing

    client.post(page)
    mailbox.clear()
    send(words="Once more.")
    work()

    assert to_notifier(mailbox) == []
    assert Report.objects.filter(decided_at=None).count() == 2


def test_the_page_after_the_form_cannot_disown_the_address(client, send):
    page = send().url
    client.post(page)

    assert Report.objects.get().email == "eve@mail.example"
    assert "I did not send this" not in client.get(page).text


def test_the_pages_of_a_notice_show_nothing_that_was_typed(client, send):
    page = client.get(send().url).text

    for typed in ("Eve", "eve@", "stole money"):
        assert typed not in page


def test_who_sent_it_is_forgotten_months_after_the_decision(send, settings):
    send()
    Report.objects.all().decide("kept", by=None, reasons="No.")
    long_ago = timezone.now() - timedelta(days=settings.KEEP_NOTICES_DAYS + 1)
    Report.objects.update(received_at=long_ago, decided_at=long_ago)

    send(words="This one waits.")
    waits = Report.objects.latest("pk")
    Report.objects.filter(pk=waits.pk).update(received_at=long_ago)

    RetentionRun.run()

    notice = Report.objects.exclude(pk=waits.pk).get()
    assert (notice.name, notice.email, notice.words) == ("", "", "")
    assert (notice.decision, notice.reasons) == ("kept", "No.")
    waits.refresh_from_db()
    assert (waits.email, waits.words) == (TYPED["email"], "This one waits.")


def test_each_page_leads_to_the_form(client):
    assert f'href="{FORM}"' in client.get("/campaign-1/").text
    assert "Report illegal content" in client.get(FORM).text


def test_a_link_fills_in_where_it_is_and_only_here(client):
    inside = client.get(f"{FORM}?about=/campaign-1/").text
    outside = client.get(f"{FORM}?about=https://elsewhere.example/").text

    assert 'value="http://testserver/campaign-1/"' in inside
    assert "elsewhere" not in outside
