"""The letter of the guided form, its recipients and what stands in rows."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign_editor.models import UnsavedForm
from campaigns.models import Campaign
from comments.models import Thread
from letters.models import RecipientList
from staff.models import AuditEntry
from tests.campaign_editor.forms import (
    LETTER,
    WHOLE,
    done,
    make,
    missing,
    page_of,
    press,
    said,
    send,
)
from tests.factories import make_letter, make_recipients
from tests.staff.forms import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bo")]
CSV = (
    "name,office,email\nAda,Mayor,a@x.example\n,Member,b@x.example\n,Clerk,c@x.example"
)


def test_recipients_come_from_csv_after_a_look_at_them(client):
    campaign = make(client, **WHOLE, **{"csv-text": CSV + "\n,Clerk,c@x.example"})
    page = client.get(page_of(campaign))
    assert "4 rows are waiting" in page.text
    assert "This address is already on the list." in page.text
    assert "Add 3 recipients" in page.text

    page = send(client, page_of(campaign), button="take_in")
    assert said(page) == "3 recipients added."
    # The row that was not good is still there, with what is wrong.
    assert "1 row is waiting" in page.text
    assert fields_of(page)["csv-text"] == "name,office,email\r\n,Clerk,c@x.example"
    assert "csv-text" in missing(page)
    page = send(client, page_of(campaign), **{"csv-text": ""})
    acts = AuditEntry.objects.filter(model="letters.recipientlist").order_by("pk")
    noted = [(act.kind, act.count) for act in acts]
    assert noted == [("changed", 3), *[("read", 3)] * 3]
    names = [p.label for p in campaign.letter.recipient_list.recipients.all()]
    assert names == ["Ada, Mayor", "Member", "Clerk"]
    assert not UnsavedForm.objects.exists()
    assert "3 people are on the list" in page.text

    file = SimpleUploadedFile("a.csv", b"Title,E-mail\nJudge,d@x.example")
    page = send(client, page_of(campaign), files={"csv-file": file})
    assert "must name the columns office and email" in page.text
    page = send(client, page_of(campaign), **{"column-0": "office"})
    assert "Add 1 recipient<" in page.text
    bad = SimpleUploadedFile("a.csv", b"\xff\xfe\x00")
    assert "not UTF-8" in said(
        send(client, page_of(campaign), files={"csv-file": bad}, **{"csv-text": ""})
    )


@pytest.mark.parametrize("typed", ["\n", " \r\n\t", "name\x00", "x" * 200_000])
def test_csv_that_is_none_breaks_no_page(client, typed):
    campaign = make(client, title="Foxes", **{"csv-text": typed})

    assert client.get(page_of(campaign)).status_code == 200
    assert UnsavedForm.objects.exists() is bool(typed.strip())


def test_a_list_that_others_use_is_chosen_and_stays_as_it_is(client):
    known = make_recipients(2, name="Council")
    make_letter(recipients=known)
    chosen = {"letter-recipients": str(known.pk), "letter-addressed_as": "them all"}

    campaign = make(client, **WHOLE, **{**LETTER, **chosen})

    known.refresh_from_db()
    assert campaign.letter.recipient_list == known
    assert known.addressed_as == "the Mayor and the Council"
    assert known.recipients.count() == 2
    page = client.get(page_of(campaign)).text
    assert "Other campaigns use this list, too" in page
    # From an own list to that one: an empty list stays behind nowhere.
    other = make(client, **{"letter-subject": "Help"})
    press(client, page_of(other), **{"letter-recipients": str(known.pk)})
    assert list(RecipientList.objects.all()) == [known]


def test_without_a_letter_and_with_what_stands_in_rows(client):
    campaign = make(
        client,
        **{
            "letter-subject": "Help",
            "reading-0-title": "A report",
            "reading-0-url": "https://news.example/a",
            "reading-2-title": "A law",
            "comments": "",
        },
    )
    assert [r.title for r in campaign.readings.all()] == ["A report", "A law"]
    assert Thread.objects.get(campaign=campaign).closed_at

    press(
        client,
        page_of(campaign),
        comments="on",
        **{"letter-subject": "", "reading-0-title": "", "reading-0-url": ""},
    )
    campaign = Campaign.objects.get()
    assert [r.title for r in campaign.readings.all()] == ["A law"]
    assert not hasattr(campaign, "letter")
    assert not RecipientList.objects.exists()
    assert not Thread.objects.get().closed_at


def test_a_test_of_the_letter_is_sent_and_ticked(client, mailbox, work):
    campaign = make(client, **WHOLE, **LETTER)
    press(client, page_of(campaign), button="test")
    work()

    assert mailbox.last()["To"] == "bo@group.example"
    assert "test" in done(client.get(page_of(campaign)))
    page = send(client, page_of(campaign), **{"letter-subject": "Other words"})
    assert "test" not in done(page)
