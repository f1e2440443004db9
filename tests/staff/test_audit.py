"""Whatever staff do with personal data leaves a row, without the data."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from petitions.models import Bundle
from staff.models import AuditEntry, User
from supporters.models import ErasureRequest, Report
from tests.factories import (
    make_campaign,
    make_petition,
    make_recipients,
    make_staff,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed
from tests.staff.forms import decide

pytestmark = pytest.mark.django_db
SIGNATURES = "/admin/petitions/signature/"


@pytest.fixture
def root(client):
    user = make_staff("root", is_superuser=True)
    client.force_login(user)
    return user


def last():
    """The newest row: what, which action, of which model, which rows, how many."""
    row = AuditEntry.objects.first()
    return row and (row.kind, row.action, row.model, row.keys, row.count)


def test_looking_at_a_list_is_written_down_with_the_rows_it_showed(client, root):
    petition = make_petition()
    ada = sign(petition)
    sign(petition, name="Grace", email="grace@mail.example")

    client.get(SIGNATURES, {"q": "ada@mail.example"})

    row = AuditEntry.objects.get()
    assert (row.by, row.username, row.kind) == (root, "root", "listed")
    assert (row.model, row.keys, row.count) == ("petitions.signature", [str(ada.pk)], 1)
    assert row.page == SIGNATURES
    assert timezone.now() - row.at < timedelta(minutes=1)
    # Neither the name nor the address that was looked for.
    everything = str(AuditEntry.objects.values_list())
    assert "ada" not in everything.lower()


def test_an_empty_list_is_written_down_as_one(client, root):
    client.get(SIGNATURES)

    assert last() == ("listed", "", "petitions.signature", [], 0)


@pytest.mark.parametrize("view", ["change", "history"])
def test_looking_at_a_row_is_written_down(client, root, view):
    ada = sign(make_petition())

    client.get(f"{SIGNATURES}{ada.pk}/{view}/")

    action = "" if view == "change" else view
    assert last() == ("read", action, "petitions.signature", [str(ada.pk)], 1)


@pytest.mark.parametrize("action", ["release", "reject"])
def test_a_moderators_decision_is_written_down(client, action):
    client.force_login(make_staff("cy", "Moderators"))
    petition = make_petition()
    held = [sign(petition, email=f"{n}@m.example", held_for="flood") for n in "ab"]

    decide(client, SIGNATURES, action, *held)

    looked, acted, forecast = AuditEntry.objects.all()
    keys = [str(signature.pk) for signature in held]
    assert (acted.kind, acted.action, acted.keys) == ("action", action, keys)
    assert (acted.username, acted.count) == ("cy", 2)
    assert looked.kind == forecast.kind == "listed"


def test_acting_on_all_that_was_found_says_that_it_was_all(client, root):
    petition = make_petition()
    held = [sign(petition, email=f"{n}@m.example", held_for="flood") for n in "abc"]

    data = {"action": "reject", "_selected_action": held[0].pk, "select_across": "1"}
    client.post(SIGNATURES, data)
    keys = [str(held[0].pk)]
    assert last() == ("listed", "reject", "petitions.signature", keys, None)
    client.post(SIGNATURES, {**data, "newest": held[-1].pk})

    assert last() == ("action", "reject", "petitions.signature", keys, 3)


def test_a_download_is_written_down_before_its_first_line_leaves(client, root):
    report = Report.objects.create(
        location="/campaign-1/", law="other", words="Why.", language="en"
    )

    data = {"action": "as_csv", "_selected_action": [report.pk]}
    response = client.post("/admin/supporters/report/", data)

    assert response.streaming
    assert last() == ("exported", "as_csv", "supporters.report", [str(report.pk)], 1)


def test_a_change_is_written_down_and_a_form_with_errors_is_a_look(client, root):
    cy = make_staff("cy")
    path = f"/admin/staff/user/{cy.pk}/change/"

    client.post(path, {"username": ""})
    assert last() == ("read", "", "staff.user", [str(cy.pk)], 1)

    sent = {
        "username": "cyrus",
        "campaign_roles-TOTAL_FORMS": "0",
        "campaign_roles-INITIAL_FORMS": "0",
    }
    client.post(path, sent)
    assert User.objects.get(pk=cy.pk).username == "cyrus"
    assert last() == ("changed", "change", "staff.user", [str(cy.pk)], 1)
    assert "cyrus" not in str(AuditEntry.objects.values_list())


def test_an_erasure_is_written_down_one_by_one_and_in_bulk(client, root):
    cy, di = make_staff("cy"), make_staff("di")

    client.post(f"/admin/staff/user/{cy.pk}/delete/", {"post": "yes"})
    assert last() == ("erased", "delete", "staff.user", [str(cy.pk)], 1)

    chosen = {"action": "delete_selected", "_selected_action": [di.pk]}
    client.post("/admin/staff/user/", chosen)
    assert last() == ("listed", "delete_selected", "staff.user", [str(di.pk)], 1)
    client.post("/admin/staff/user/", {**chosen, "post": "yes"})
    assert last() == ("erased", "delete_selected", "staff.user", [str(di.pk)], 1)
    assert set(User.objects.all()) == {root}


@pytest.mark.parametrize("name", ["show", "hide", "spam"])
def test_a_decision_at_the_moderators_desk_is_written_down(client, name):
    client.force_login(make_staff("cy", "Moderators"))
    comment = write_comment(make_petition().campaign)
    desk = f"/admin/comments/comment/desk/{comment.pk}/"

    client.get(desk)
    assert last() == ("listed", "desk", "comments.comment", [str(comment.pk)], 1)
    sent = {"decision": name, "reason": "hate", "seen": comment.version}
    answer = client.post(f"{desk}decisions/", sent)

    assert answer.status_code == 302
    assert last() == ("action", name, "comments.comment", [str(comment.pk)], 1)


def test_what_is_about_nobody_is_not_written_down(client, root):
    petition = make_petition()
    AuditEntry.objects.create(username="x", kind="read", keys=[], count=0)

    for path in (
        "campaigns/campaign/",
        f"campaigns/campaign/{petition.campaign.pk}/change/",
        "petitions/petition/",
        "staff/auditentry/",
        "mail-samples/",
        "account/sessions/",
        "",
    ):
        assert client.get(f"/admin/{path}").status_code == 200

    assert AuditEntry.objects.count() == 1


def test_each_list_of_personal_data_in_the_admin_is_written_down(client, root):
    for model in admin.site._registry:
        client.get(f"/admin/{model._meta.label_lower.replace('.', '/')}/")

    assert set(AuditEntry.objects.values_list("model", flat=True)) == {
        *["access_keys.accesskey"] * ("access_keys" in settings.ROOMS),
        *["paper.paperbatch", "paper.paperline"] * ("paper" in settings.ROOMS),
        *["wordpress.wordpressimport"] * ("wordpress" in settings.ROOMS),
        "comments.comment",
        "comments.moderation",
        "letters.delivery",
        "letters.letter",
        "letters.officialanswer",
        "letters.recipient",
        "letters.recipientlist",
        "letters.reportedletter",
        "outbox.outgoingmail",
        "outbox.suppression",
        "petitions.bundle",
        "petitions.invalidation",
        "petitions.signature",
        "staff.invitation",
        "staff.user",
        "safeguards.block",
        "safeguards.ownlimit",
        "supporters.consent",
        "supporters.erasurerequest",
        "supporters.follow",
        "supporters.report",
        "versions.deleted",  # recipients, too
    }


@pytest.mark.parametrize("path", [SIGNATURES, f"{SIGNATURES}999/change/"])
def test_who_was_refused_saw_nothing(client, path):
    client.force_login(make_staff("eve"))

    client.get(path)
    client.logout()
    client.get(path)

    assert not AuditEntry.objects.exists()


def test_what_somebody_tries_and_may_not_is_written_down(client):
    ada = sign(make_petition())
    campaign = ada.petition.campaign
    client.force_login(make_staff("cy", "Moderators"))
    erasing = "/admin/supporters/erasurerequest/"
    asked = ErasureRequest.objects.create(email="ada@mail.example", reason="wrote")
    bundle = Bundle.objects.create(petition=ada.petition, to="Mayor")
    erased = {"action": "erase", "_selected_action": ada.pk}
    tries = [
        (f"{erasing}add/", {"email": "ada@mail.example"}, "add", []),
        (f"{erasing}{asked.pk}/change/", {"decision": "erase"}, "erase", [asked]),
        (SIGNATURES, erased, "erase", [ada]),
        (
            f"/admin/editor/campaigns/{campaign.pk}/",
            {"publish": ""},
            "guided",
            [campaign],
        ),
        (f"/admin/petitions/bundle/{bundle.pk}/download/", None, "download", [bundle]),
    ]

    for page, sent, action, rows in tries:
        AuditEntry.objects.all().delete()
        answer = client.get(page) if sent is None else client.post(page, sent)
        assert answer.status_code == 403, page
        keys = [str(row.pk) for row in rows]
        said = AuditEntry.objects.get()
        assert (said.kind, said.action, said.keys) == ("refused", action, keys)
        assert (said.username, said.page) == ("cy", page)
    assert "ada@" not in str(AuditEntry.objects.values_list())
    client.force_login(make_staff("root", is_superuser=True))
    assert "tried, and was refused" in client.get("/admin/staff/auditentry/").text


def test_who_may_not_confirm_an_erasure_alone_has_tried_it(client, root):
    asked = ErasureRequest.objects.create(
        email="ada@mail.example", reason="wrote", asked_by=root
    )

    sent = {"decision": "erase", "is_sure": "on"}
    client.post(f"/admin/supporters/erasurerequest/{asked.pk}/change/", sent)

    label = "supporters.erasurerequest"
    refused = AuditEntry.objects.get(kind="refused")
    assert (refused.action, refused.model) == ("erase", label)
    assert (refused.keys, refused.username) == ([str(asked.pk)], "root")


def test_a_key_that_is_text_is_not_taken_down(client, root):
    held = sign(make_petition(), held_for="flood")
    data = {"action": "release", "_selected_action": [held.pk], "form-0-id": "Lovelace"}

    client.post(SIGNATURES, data)
    client.post(SIGNATURES, {**data, "action": "call +44 20 7946 0000"})

    assert "Lovelace" not in str(AuditEntry.objects.values_list())
    assert AuditEntry.objects.count() == 2
    assert "7946" not in str(AuditEntry.objects.values_list())


def test_a_list_is_one_entry_that_counts_its_rows(client, root):
    petition = make_petition()
    for number in range(31):
        sign(petition, email=f"{number}@mail.example")
    before = AuditEntry.objects.count()

    client.get(SIGNATURES)

    assert AuditEntry.objects.count() == before + 1
    assert last()[4] == 31


def test_a_new_row_that_is_not_stored_yet_leaves_nothing(client, root):
    form = client.post("/admin/petitions/bundle/add/")

    assert 'class="errornote"' in form.text
    assert last() is None


def test_superusers_read_it_and_nobody_writes_in_it(client, root):
    sign(make_petition())
    client.get(SIGNATURES)
    row = AuditEntry.objects.get()
    path = f"/admin/staff/auditentry/{row.pk}/change/"

    listed, opened = client.get("/admin/staff/auditentry/"), client.get(path)

    assert "looked at a list" in listed.text
    assert 'readonly">Signatures<' in opened.text
    assert 'name="_save"' not in opened.text
    assert client.get("/admin/staff/auditentry/add/").status_code == 403
    assert client.post(path, {"username": "eve"}).status_code == 403
    delete = f"/admin/staff/auditentry/{row.pk}/delete/"
    assert client.post(delete, {"post": "yes"}).status_code == 403
    for group in ("Campaigners", "Moderators"):
        client.force_login(make_staff(group, group))
        assert client.get("/admin/staff/auditentry/").status_code == 403


def test_the_table_itself_refuses_a_change():
    bo = make_staff("bo")
    row = AuditEntry.objects.create(
        by=bo, username="bo", kind="read", keys=["1"], count=1
    )

    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        AuditEntry.objects.filter(pk=row.pk).update(username="eve")

    bo.delete()
    row.refresh_from_db()
    assert (row.by, row.username) == (None, "bo")


def test_a_row_is_kept_for_as_long_as_the_setting_says(root, settings, time_machine):
    settings.KEEP_AUDIT_DAYS = 100
    row = AuditEntry.objects.create(username="bo", kind="read", keys=[], count=1)
    LogEntry.objects.log_actions(root.pk, [make_campaign()], 2, "", single_object=True)

    now = timezone.now()
    time_machine.move_to(now + timedelta(days=99))
    call_command("forget")
    assert AuditEntry.objects.get() == row
    assert LogEntry.objects.exists()

    time_machine.move_to(now + timedelta(days=101))
    call_command("forget")
    call_command("forget")
    assert not AuditEntry.objects.exists()
    assert not LogEntry.objects.exists()


def test_recipients_in_a_list_are_personal_too(client, root):
    recipients = make_recipients()

    client.get(f"/admin/letters/recipientlist/{recipients.pk}/change/")
    assert last() == ("read", "", "letters.recipientlist", [str(recipients.pk)], 1)

    client.get(f"/admin/letters/recipientlist/{recipients.pk}/import/")
    assert last()[:3] == ("listed", "import", "letters.recipientlist")


def test_rows_of_a_file_that_were_taken_in_are_no_look(client, root):
    recipients = make_recipients()
    path = f"/admin/letters/recipientlist/{recipients.pk}/import/"
    rows = "office,email\nMayor,mayor@council.example\nClerk,none\n"

    page = client.post(path, {"text": rows, "take_in": ""})

    assert page.status_code == 200  # the other row comes back
    assert recipients.recipients.filter(office="Mayor").exists()
    keys = [str(recipients.pk)]
    assert last() == ("action", "import", "letters.recipientlist", keys, 1)


def test_the_desk_says_whom_it_shows_where_the_address_names_nobody(client, root):
    comment = write_comment(make_petition().campaign)

    client.get("/admin/comments/comment/desk/", follow=True)

    assert last() == ("listed", "desk", "comments.comment", [str(comment.pk)], 1)


def test_what_a_search_within_a_form_finds_is_written_down(client, root):
    recipients = make_recipients(name="Council of Bonn")
    asked = {
        "app_label": "letters",
        "field_name": "recipient_list",
        "term": "Bonn",
    }

    for spelling in ("suggestedletter", "SuggestedLetter", "SUGGESTEDLETTER"):
        answer = client.get("/admin/autocomplete/", asked | {"model_name": spelling})

        assert "Council of Bonn" in answer.text
        keys = [str(recipients.pk)]
        assert last() == ("listed", "autocomplete", "letters.recipientlist", keys, 1)
        AuditEntry.objects.all().delete()


@pytest.mark.parametrize("spelling", ["delivery", "Delivery", "DELIVERY"])
def test_nothing_else_can_be_searched_in_that_way(client, root, spelling):
    confirmed()

    answer = client.get(
        "/admin/autocomplete/",
        {
            "app_label": "letters",
            "model_name": spelling,
            "field_name": "letter",
            "term": "ada@mail.example",
        },
    )

    assert answer.status_code == 403
    assert "Ada" not in answer.text


def test_a_page_that_does_not_say_whose_data_it_shows_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="must say whose data it shows"):
        admin.site.admin_view(lambda request: None)


def test_the_trail_is_read_in_the_words_of_the_admin(client, root):
    for action, model in (
        ("delete_selected", "staff.user"),
        ("let-go", "petitions.petition"),
        ("history", "somewhere.gone"),
    ):
        kind = AuditEntry.Kind.ACTION
        AuditEntry.objects.note(root, kind, model, [1], 1, action=action, page="/")

    page = client.get("/admin/staff/auditentry/").text

    for words in (
        "Delete the selected users",
        "Let go",
        "History",
        "Petitions",
        "Users",
    ):
        assert f">{words}<" in page
    for code in ("delete_selected", "let-go<", ">petitions.petition<"):
        assert code not in page


def test_the_queues_code_names_stand_nowhere_in_the_admin(client, root):
    assert "rocrastinate" not in client.get("/admin/").text
