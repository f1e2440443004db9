""" "What became of my mail?": every mail in one list, what staff see and may do."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from letters.officials.visits import OfficialVisit
from letters.suggested.mails import MOST_TESTS
from outbox.dispatcher import work_through
from outbox.life import steps_of
from outbox.models import Outcome, OutgoingMail, Reason, Suppression
from outbox.outgoing_mail import STATES
from staff.mail_desk import waiting as desk
from staff.models import Alert, AuditEntry
from tests.factories import make_letter, make_petition, make_staff, make_update, sign
from tests.staff.forms import run_action

pytestmark = pytest.mark.django_db
MAILS, MAILBOXES = "/admin/outbox/outgoingmail/", "/admin/outbox/suppression/"
ENDED = {"settled_at": "2026-01-02T12:00Z"}


@pytest.fixture
def bo(client):
    user = make_staff("bo", "Campaigners")
    client.force_login(user)
    return user


@pytest.fixture
def root(client):
    user = make_staff("root", is_superuser=True)
    client.force_login(user)
    return user


def change(mail, **columns):
    OutgoingMail.objects.filter(pk=mail.pk).update(**columns)
    mail.refresh_from_db()
    return mail


def listed(client, path=MAILS, **query):
    page = client.get(path, query)
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def make_one_in_each_state(queue):
    """A mail in each state, by its name."""
    now = timezone.now()
    columns = {
        "complained": {
            "outcome": "sent",
            "accepted_at": now,
            "complained_at": now,
        },
        "bounced": {"outcome": "sent", "accepted_at": now, "bounced_at": now},
        "accepted": {"outcome": "sent", "accepted_at": now},
        **{outcome.value: {"outcome": outcome} for outcome in Outcome},
        "again": {"settled_at": None, "reply": "451 busy", "tries": 2},
        "waiting": {"settled_at": None},
    }
    return {
        name: change(queue(number), **{**ENDED, **those})
        for number, (name, those) in enumerate(columns.items())
    }


def test_the_list_says_of_each_mail_what_became_of_it(client, bo, mailbox, queue):
    petition = make_petition(title="Bucheon")
    mailbox.refuse("ada@mail.example", "550 5.1.1 nobody here")
    sign(petition, email="ada@mail.example")
    work_through()
    change(queue(1, "eve@other.example"), email="")

    page = client.get(MAILS)

    rows = [
        re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip()
        for row in re.findall(
            r"(?s)<tr><td class=\"action.*?</tr>", page.text.replace("<wbr>", "")
        )
    ]
    assert len(rows) == 2
    assert "Some news address deleted (other.example) waiting – " in rows[0]
    assert "Confirm your signature ada@mail.example refused Bucheon" in rows[1]


def test_each_state_is_found_by_its_words(client, bo, queue):
    made = make_one_in_each_state(queue)

    found = {state: listed(client, state=state) for state in STATES}

    assert found == {state: [made[state]] for state in made}
    for state, mail in made.items():
        assert mail.state == STATES[state][0]
    assert len(listed(client, state="nonsense")) == len(made)


def test_the_list_is_filtered_by_kind(client, bo, queue):
    signed = sign(make_petition(), email="ada@mail.example")
    asked = OutgoingMail.objects.get(about=signed.pk)
    bulk = queue(1, "eve@other.example", lane="bulk")

    assert listed(client, kind="news") == [bulk]
    assert listed(client, kind="signature_question") == [asked]


def test_a_mailbox_is_found_in_any_spelling_and_the_trail_says_so(client, bo, queue):
    kept = queue(1, "a.da@gmail.com")
    forgotten = change(queue(2, "ada+x@googlemail.com"), email="")
    for number, other in enumerate(("adab@gmail.com", "ada@mail.example"), 3):
        queue(number, other)
    AuditEntry.objects.all().delete()

    assert listed(client, q="Ada@googlemail.com") == [kept]
    assert listed(client, q=" ADA+x@googlemail.com ") == [forgotten, kept]

    first, second = AuditEntry.objects.order_by("pk")
    assert first.kind == second.kind == AuditEntry.Kind.LISTED
    assert (first.keys, first.page) == ([str(kept.pk)], MAILS)
    assert second.count == 2


def test_a_search_that_finds_nobody_is_in_the_trail_and_says_what_that_means(
    client, bo, queue
):
    queue(1, "eve@mail.example")

    page = client.get(MAILS, {"q": "ada@mail.example"})

    assert "We found none." in page.text
    entry = AuditEntry.objects.latest("pk")
    assert (entry.kind, entry.keys, entry.count) == ("listed", [], 0)
    assert "ada" not in entry.page


def test_a_pattern_is_no_search_and_a_domain_or_number_is_one(client, bo, queue):
    ada, eve = queue(1, "ada@mail.example"), queue(2, "eve@other.example")

    assert listed(client, q=".*@mail.example") == []
    assert listed(client, q="a(@mail.example") == []
    assert listed(client, q="mail.example") == [ada]
    assert listed(client, q="@other.example") == [eve]
    assert listed(client, q=str(eve.pk)) == [eve]
    assert listed(client, q="9" * 100) == []


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, ["Queued.", "Due now. It leaves as soon as our mail service takes it."]),
        (
            {"due_at": "2100-01-01T12:00Z", "tries": 3, "reply": "451 busy"},
            ["Queued.", "Tried 3 times.", "Waiting for the next try."],
        ),
        (
            {"due_at": "2100-01-01T12:00Z", "turn_at": "2100-01-01T12:00Z"},
            ["Queued.", "Waiting for its turn."],
        ),
        (
            {"claimed_at": "2026-01-01T12:00Z"},
            ["Queued.", "We are handing it to our mail service."],
        ),
        (
            {**ENDED, "outcome": "sent", "tries": 2, "bounced_at": "2026-01-03T12:00Z"},
            ["Queued.", "Handed to our mail service. Tried 2 times.", "Came back."],
        ),
        (
            {**ENDED, "outcome": "in_doubt", "tries": 1},
            ["Queued.", "May have arrived: the mail server’s answer was lost."],
        ),
    ],
)
def test_the_life_of_a_mail_is_told_step_by_step(queue, columns, words):
    mail = change(queue(), **columns)

    assert [step.words for step in steps_of(mail)] == words


def test_what_a_mail_waits_for_may_be_the_list(queue, news):
    mail = queue()

    news.is_unasked = True
    Suppression.objects.put("ADA+x@mail.example", Reason.BOUNCED)

    assert steps_of(mail)[-1].words.startswith("We will not send it")


def test_the_page_of_a_mail_leads_to_what_it_is_about(client, bo, mailbox):
    mailbox.refuse("ada@mail.example", "550 5.1.1 <i>nobody</i> here")
    signature = sign(make_petition(title="Bucheon"), email="ada@mail.example")
    work_through()
    mail = OutgoingMail.objects.get()

    page = client.get(f"{MAILS}{mail.pk}/change/").text

    assert "550 5.1.1 &lt;i&gt;nobody&lt;/i&gt; here" in page
    assert f'href="/admin/petitions/signature/{signature.pk}/change/"' in page
    assert 'href="/admin/mail-samples/confirm_signature/"' in page
    assert f'href="{MAILS}?q=ada%40mail.example"' in page
    assert 'name="_save"' not in page
    assert signature.withdrawal_key not in page
    entry = AuditEntry.objects.latest("pk")
    assert (entry.kind, entry.keys) == (AuditEntry.Kind.READ, [str(mail.pk)])


def test_mails_to_officials_and_staff_lead_to_what_they_are_about(client, root):
    suggested = make_letter()
    recipient = suggested.recipient_list.recipients.first()
    visit = OfficialVisit.objects.create(recipient=recipient)
    update = make_update(suggested.campaign)
    alert = Alert.objects.create(kind="test", about="x", words="x", page="/admin/")
    about = {
        "recipient_bounced": (recipient.pk, recipient),
        "official_page": (visit.pk, recipient),
        "letter_test": (suggested.pk * MOST_TESTS + 1, suggested),
        "update_test": (update.pk, update),
        "password_reset": (root.pk, root),
    }

    for purpose, (key, row) in about.items():
        OutgoingMail.objects.queue(purpose, key, "bo@mail.example")
        mail = OutgoingMail.objects.get(purpose=purpose)
        page = client.get(f"{MAILS}{mail.pk}/change/")
        there = page.context["about_page"]
        name = f"{row._meta.app_label}/{row._meta.model_name}"
        assert there == f"/admin/{name}/{row.pk}/change/", purpose
        assert client.get(there).status_code == 200, purpose
    OutgoingMail.objects.queue("alert", alert.pk, "bo@mail.example")
    mail = OutgoingMail.objects.get(purpose="alert")
    page = client.get(f"{MAILS}{mail.pk}/change/")
    assert page.context["about_page"] == "/admin/"


def test_a_kind_of_mail_that_is_no_more_is_shown_by_its_name(client, bo, queue):
    mail = change(queue(), purpose="pigeon")

    assert "pigeon" in client.get(MAILS).text
    assert client.get(f"{MAILS}{mail.pk}/change/").status_code == 200


def test_what_waits_is_tried_at_once(client, bo, mailbox, queue):
    mail = queue(due_at=timezone.now() + timedelta(hours=3))

    said = run_action(client, MAILS, "try_again", mail)
    work_through()

    assert "1 email leaves as soon as it can." in said.text
    mail.refresh_from_db()
    assert mail.outcome == Outcome.SENT
    entry = AuditEntry.objects.get(kind=AuditEntry.Kind.ACTION)
    assert (entry.action, entry.keys, entry.count) == ("try_again", [str(mail.pk)], 1)


def test_another_is_sent_of_what_failed_and_of_nothing_else(client, bo, mailbox, queue):
    made = make_one_in_each_state(queue)
    mails = [mail for mail in made.values() if mail.settled_at]
    failed = {"bounced", *Outcome.values} - {"sent"}

    said = run_action(client, MAILS, "try_again", *mails)
    assert f"{len(failed)} emails leave" in said.text
    work_through()

    again = OutgoingMail.objects.filter(pk__gt=made["waiting"].pk)
    assert {made_of.about for made_of in again} == {made[one].about for one in failed}
    # A newer one is there now.
    said = run_action(client, MAILS, "try_again", *mails)
    assert "There is nothing to do for these." in said.text


def test_nothing_is_sent_to_an_address_that_is_not_kept(client, bo, queue):
    mail = change(queue(), **ENDED, outcome="refused", email="")

    said = run_action(client, MAILS, "try_again", mail)

    assert "There is nothing to do for these." in said.text
    assert OutgoingMail.objects.count() == 1


def test_what_waits_is_stopped_and_what_it_is_about_learns_it(
    client, bo, mailbox, queue, news
):
    waits, on_its_way = queue(1), change(queue(2), claimed_at=timezone.now())

    said = run_action(client, MAILS, "stop", waits, on_its_way)

    assert "1 email stopped." in said.text
    waits.refresh_from_db()
    on_its_way.refresh_from_db()
    assert (waits.outcome, waits.reply) == ("stopped", "stopped by a member of staff")
    assert news.settled_as == [Outcome.STOPPED]
    assert on_its_way.settled_at is None
    again = run_action(client, MAILS, "stop", waits)
    assert "There is nothing to do for these." in again.text


def test_moderators_see_no_mails_and_campaigners_lift_nothing(client, queue):
    mail = queue()
    Suppression.objects.put("ada@mail.example", Reason.COMPLAINED)
    client.force_login(make_staff("cy", "Moderators"))
    for path in (MAILS, f"{MAILS}{mail.pk}/change/", MAILBOXES):
        assert client.get(path).status_code == 403
    assert run_action(client, MAILS, "stop", mail).status_code == 403
    assert "What happened to our emails" not in client.get("/admin/").text

    client.force_login(make_staff("bo", "Campaigners"))
    page = client.get(MAILBOXES)
    assert page.status_code == 200
    run_action(client, MAILBOXES, "delete_selected", Suppression.objects.get())
    assert Suppression.objects.exists()


def test_a_mailbox_that_gets_no_mail_is_found_by_its_address_alone(client, root):
    Suppression.objects.put("ada@mail.example", Reason.COMPLAINED)
    Suppression.objects.put("eve@mail.example", Reason.BOUNCED, purpose="update")

    [ada] = listed(client, MAILBOXES, q="Ada+news@mail.example")
    [eve] = listed(client, MAILBOXES, q="eve@mail.example")

    assert (ada.reason, eve.reason) == ("complained", "bounced")
    assert listed(client, MAILBOXES, q="complained") == []
    page = client.get(MAILBOXES).text
    assert "Updates from campaigns" in page
    assert "all that they did not ask for" in page
    assert "for good" in page
    key = client.get(MAILBOXES, {"mailbox_hash__startswith": "a"})
    assert key.status_code in (302, 400)


def test_a_mailbox_is_taken_from_the_list(client, root):
    Suppression.objects.put("ada@mail.example", Reason.COMPLAINED)
    entry = Suppression.objects.get()

    client.post(f"{MAILBOXES}{entry.pk}/delete/", {"post": "yes"})

    assert not Suppression.objects.exists()
    assert LogEntry.objects.get().user == root
    assert AuditEntry.objects.filter(kind="erased", keys=[str(entry.pk)]).exists()


def test_the_desk_says_when_mails_are_late(client, bo, queue):
    queue(1, due_at=timezone.now() - timedelta(seconds=100))
    late = queue(2, due_at=timezone.now() - timedelta(minutes=7, seconds=5))
    queue(3, lane="bulk", due_at=timezone.now() - timedelta(hours=1))

    page = client.get("/admin/").text

    assert "email is late, and somebody is waiting for it" in page
    assert "The oldest has waited for 7 minutes." in page
    assert listed(client, state="late") == [late]


def test_the_desk_says_when_many_were_given_up(client, bo, queue, monkeypatch):
    monkeypatch.setattr(desk, "MANY_GIVEN_UP", 2)
    now = timezone.now()
    change(queue(1), outcome="given_up", settled_at=now)
    change(queue(2), outcome="given_up", settled_at=now - timedelta(days=2))
    assert "failed for good in the last 24 hours" not in client.get("/admin/").text

    change(queue(3), outcome="given_up", settled_at=now)

    assert "emails failed for good in the last 24 hours" in client.get("/admin/").text
    assert len(listed(client, state="given-up-lately")) == 2


def test_moderators_are_not_told_what_they_cannot_change(client, queue):
    queue(due_at=timezone.now() - timedelta(hours=1))
    client.force_login(make_staff("cy", "Moderators"))

    assert "Nothing waits for you." in client.get("/admin/").text
