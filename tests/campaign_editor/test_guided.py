"""Bo fills in the guided form: half, wrong, whole, and publishes."""

import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from campaign_editor.models import Unfinished
from campaigns.models import Campaign
from comments.models import Thread
from letters.models import RecipientList, SuggestedLetter
from staff.models import AuditEntry
from tests.campaign_editor.forms import COPY, LETTER, NEW, WHOLE, make, page_of, send
from tests.factories import make_letter, make_petition, make_recipients, make_staff
from tests.factories import sign as make_signature
from tests.hostile import MARKUP, VALUES, as_read
from tests.long import some
from tests.staff.forms import _Fields, fields_of
from versions.models import Deleted, Version

pytestmark = pytest.mark.django_db
CSV = (
    "name,office,email\nAda,Mayor,a@x.example\n,Member,b@x.example\n,Clerk,c@x.example"
)


@pytest.fixture(autouse=True)
def bo(client):
    bo = make_staff("bo", "Campaigners", email="bo@group.example")
    client.force_login(bo)
    return bo


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def missing(answer):
    return [item.field for item in answer.context["guide"].checklist.missing]


def done(answer):
    items = answer.context["guide"].checklist.recommended
    return [item.field for item in items if item.is_done]


def test_an_empty_form_is_a_draft_and_says_what_it_lacks(client):
    answer = send(client)

    campaign = Campaign.objects.get()
    assert "Saved as a draft." in said(answer)
    assert missing(answer) == ["title", "summary", "story", "petition-ask"]
    assert all(f'href="#id_{field}"' in answer.text for field in missing(answer))
    assert all(f'id="id_{field}"' in answer.text for field in missing(answer))
    assert not campaign.is_published
    assert "Draft without a title" in client.get("/admin/campaigns/campaign/").text


def test_a_draft_is_saved_half_and_finished_later(client):
    campaign = make(client, title="Save the foxes", **{"recipient-0-office": "Mayor"})
    assert campaign.slug == "save-the-foxes"

    answer = send(client, page_of(campaign), summary="Ask.", title="Foxes")

    campaign.refresh_from_db()
    assert (campaign.title, campaign.summary) == ("Foxes", "Ask.")
    assert campaign.slug == "save-the-foxes"
    # The row that lacks its address is there, with what is wrong.
    row = answer.context["guide"].letter_section.recipients.forms[0]
    assert row["office"].value() == "Mayor"
    assert "Fill this in, or empty the row." in answer.text


def test_what_cannot_be_used_is_kept_beside_with_what_is_wrong(client):
    wrong = {
        "title": "x" * 161,
        "slug": "Not a slug!",
        "closes": "2020-01-01T10:00",
        "event_ends": "2026-05-01",
        "letter-body": "Dear [Mayor]",
        "letter-subject": "Help [me]",
        "reading-0-url": "ftp//nowhere",
        "recipient-0-office": "Mayor",
        "recipient-0-email": "mayor@",
    }
    campaign = make(client, summary="Good.", **wrong)
    page = client.get(page_of(campaign))

    assert campaign.summary == "Good."
    assert campaign.title == ""
    assert campaign.closes_at is None
    assert all(value in page.text for value in wrong.values())
    # What is wrong stands once, where it is; the list above leads there.
    assert page.text.count("is no placeholder") == 1
    assert "must close after it opens" in page.text
    fields = {"title", "slug", "closes", "event_ends", "letter-body", "letter-subject"}
    assert fields <= set(missing(page))

    right = dict.fromkeys(wrong, "") | {"closes": "2999-01-01T10:00"}
    answer = send(client, page_of(campaign), **(right | {"title": "Foxes"}))
    assert not Unfinished.objects.exists()
    assert missing(answer) == ["story", "petition-ask"]


def test_publishing_is_refused_with_a_list_and_nothing_is_lost(client):
    answer = send(client, button="publish", **WHOLE, **{"letter-subject": "Help"})

    campaign = Campaign.objects.get()
    assert said(answer) == "Saved, but not published: 3 things are missing."
    assert missing(answer) == [
        "letter-body",
        "letter-addressed_as",
        "letter-recipients",
    ]
    assert campaign.published_at is None
    assert campaign.petition.ask == WHOLE["petition-ask"]

    answer = send(client, page_of(campaign), button="publish", **LETTER)
    assert said(answer) == "Published. Everybody can see it now."
    page = client.get("/save-the-foxes/").text
    assert WHOLE["petition-ask"] in page
    assert "mayor@council.example" in page


def test_a_published_campaign_takes_only_what_is_whole(client):
    send(client, button="publish", **WHOLE, **LETTER)
    campaign = Campaign.objects.get()

    for change in (
        {"title": ""},
        {"petition-ask": ""},
        {"letter-body": "No name"},
        {"story": ""},
        {"closes": "2020-01-01T10:00"},
    ):
        answer = send(client, page_of(campaign), summary="New.", **change)
        assert answer.status_code == 422
        assert "We have saved nothing" in answer.text
        assert "New.</textarea>" in answer.text
    campaign.refresh_from_db()
    assert (campaign.title, campaign.summary) == (WHOLE["title"], WHOLE["summary"])

    assert send(client, page_of(campaign), summary="New.").status_code == 200
    assert "New." in client.get("/save-the-foxes/").text


def test_times_are_meant_by_the_campaigns_clocks(client):
    zone = "America/Los_Angeles"
    campaign = make(client, timezone=zone, opens="2999-03-01T09:30", closes=None)

    assert campaign.opens_at.astimezone(ZoneInfo(zone)).hour == 9
    page = client.get(page_of(campaign)).text
    assert 'value="2999-03-01T09:30"' in page
    left_out = send(client, page_of(campaign), closes="2999-03-10T02:30")
    assert "The clocks go forward" in left_out.text


def test_a_campaign_appears_by_itself_at_its_time(client):
    campaign = make(client, timezone="Asia/Seoul", **WHOLE)
    at = timezone.now().astimezone(ZoneInfo("Asia/Seoul")) + timedelta(days=2)
    at = at.replace(hour=9, minute=0, second=0, microsecond=0)

    def schedule(at):
        typed = f"{at:%Y-%m-%dT%H:%M}"
        return send(client, page_of(campaign), button="schedule", publish_at=typed)

    assert "in the future" in said(schedule(at - timedelta(days=9)))
    answer = schedule(at)
    assert f"{at.day} {at:%B} {at.year}, 09:00 (Seoul time)" in said(answer)
    assert client.get("/save-the-foxes/").status_code == 404
    assert "scheduled" in client.get("/admin/campaigns/campaign/").text
    campaign.refresh_from_db()
    assert campaign.appears_at == at

    # It stays whole while it waits.
    assert send(client, page_of(campaign), title="").status_code == 422
    later = at + timedelta(days=1)
    schedule(later)
    campaign.refresh_from_db()
    assert campaign.appears_at == campaign.opens_at == later

    # Its time has come: nobody had to do anything.
    past = timezone.now() - timedelta(seconds=1)
    Campaign.objects.update(published_at=past, opens_at=past)
    assert client.get("/save-the-foxes/").status_code == 200
    assert "Save the foxes" in client.get("/").text


def test_what_is_scheduled_becomes_a_draft_again_or_appears_now(client):
    campaign = make(client, **WHOLE)
    page = page_of(campaign)
    send(client, page, button="schedule", publish_at="2999-01-01T10:00")

    send(client, page, button="unschedule", title="")
    campaign.refresh_from_db()
    assert (campaign.published_at, campaign.title) == (None, "")
    assert campaign.opens_at <= timezone.now()

    send(client, page, button="schedule", title="Foxes", publish_at="2999-01-01T10:00")
    send(client, page, button="publish")
    assert client.get("/save-the-foxes/").status_code == 200


def test_what_appeared_meanwhile_is_no_draft_any_more(client):
    """Its campaigner has the page of before open, with the button."""
    campaign = make(client, **WHOLE)
    page = page_of(campaign)
    send(client, page, button="publish")

    send(client, page, button="unschedule")

    assert client.get("/save-the-foxes/").status_code == 200


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
    assert not Unfinished.objects.exists()
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


@pytest.mark.some
@pytest.mark.parametrize("typed", ["\n", " \r\n\t", "name\x00", "x" * 200_000])
def test_csv_that_is_none_breaks_no_page(client, typed):
    campaign = make(client, title="Foxes", **{"csv-text": typed})

    assert client.get(page_of(campaign)).status_code == 200
    assert Unfinished.objects.exists() is bool(typed.strip())


@pytest.mark.some
@pytest.mark.parametrize(
    ("fields", "rows", "csv"),
    [
        ({"gone": {"value": "x", "errors": ["no"]}}, {"gone": [{"values": {}}]}, ""),
        ({"title": "x"}, {"reading": ["x", {"errors": {"url": "x"}}]}, "\n"),
        ({"closes": {"value": None, "errors": None}}, {"recipient": {"0": "x"}}, "a,b"),
        (["title"], "reading", "name,office,email\n\ufffd"),
        ({"letter-recipients": {"value": ["9"]}}, {"variant": [{"values": 5}]}, ";"),
    ],
)
def test_a_draft_that_holds_what_no_form_has_stored_breaks_no_page(
    client, fields, rows, csv
):
    campaign = make(client, title="Foxes")
    Unfinished.objects.create(campaign=campaign, fields=fields, rows=rows, csv=csv)

    assert client.get(page_of(campaign)).status_code == 200
    assert send(client, page_of(campaign), summary="Ask.").status_code == 200
    campaign.refresh_from_db()
    assert campaign.summary == "Ask."


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
    send(client, page_of(other), **{"letter-recipients": str(known.pk)})
    assert list(RecipientList.objects.all()) == [known]


def test_without_a_letter_and_with_what_stands_in_rows(client):
    campaign = make(
        client,
        **{
            "letter-subject": "Help",
            "reading-0-title": "A report",
            "reading-0-url": "https://news.example/a",
            "reading-2-title": "A law",
            "variant-0-text": "Another opening",
            "comments": "",
        },
    )
    assert [r.title for r in campaign.readings.all()] == ["A report", "A law"]
    assert campaign.letter.variants.get().text == "Another opening"
    assert Thread.objects.get(campaign=campaign).closed_at

    send(
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


def test_the_sentence_that_people_have_signed_stays(client):
    petition = make_petition(title="Foxes", slug="foxes")
    make_signature(petition)
    Campaign.objects.update(published_at=None)

    page = send(client, page_of(petition.campaign), **{"petition-ask": ""})

    assert "People have signed this sentence" in page.text
    petition.refresh_from_db()
    assert petition.ask


def test_a_test_of_the_letter_is_sent_and_ticked(client, mailbox, work):
    campaign = make(client, **WHOLE, **LETTER)
    send(client, page_of(campaign), button="test")
    work()

    assert mailbox.last()["To"] == "bo@group.example"
    done = {
        i.field
        for i in client.get(page_of(campaign)).context["guide"].checklist.recommended
        if i.is_done
    }
    assert "test" in done
    page = send(client, page_of(campaign), **{"letter-subject": "Other words"})
    assert not {
        i.field for i in page.context["guide"].checklist.recommended if i.is_done
    } & {"test"}


def png():
    content = io.BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(content, "PNG")
    return SimpleUploadedFile("a.png", content.getvalue())


def test_a_picture_is_taken_with_what_it_shows_or_not_at_all(client, media):
    campaign = make(client, title="Foxes")
    page = page_of(campaign)

    answer = send(client, page, files={"new_picture": png()}, title="x" * 161)
    campaign.refresh_from_db()
    assert {"picture_alt", "title"} <= set(missing(answer))
    assert campaign.picture == ""
    svg = SimpleUploadedFile("a.png", b"<svg><script>1</script></svg>")
    send(client, page, files={"new_picture": svg}, picture_alt="A fox")
    assert not any(media.rglob("*.*"))

    # Another field that is no good does not cost the picture.
    send(client, page, files={"new_picture": png()}, closes="2020-01-01T10:00")
    campaign.refresh_from_db()
    assert (campaign.picture_width, campaign.picture_alt) == (1600, "A fox")
    send(client, page, picture_alt="", picture_x="101")
    campaign.refresh_from_db()
    assert (campaign.picture_alt, campaign.picture_x) == ("A fox", 50)
    send(client, page, drop_picture="on", picture_alt="", picture_x="30")
    campaign.refresh_from_db()
    assert (campaign.picture, campaign.picture_x) == ("", 30)


def test_a_picture_without_words_waits_with_its_draft(client, media):
    campaign = make(client, title="Foxes")
    page = page_of(campaign)

    answer = send(client, page, files={"new_picture": png()})

    assert "We kept “a.png”." in answer.text
    assert answer.text.count("Say what the picture shows.") == 1
    assert "picture_alt" in missing(answer)
    campaign.refresh_from_db()
    assert campaign.picture == ""
    answer = send(client, page, title="Red foxes")  # and once more without
    assert "We kept “a.png”." in answer.text
    send(client, page, picture_alt="A fox")
    campaign.refresh_from_db()
    assert (campaign.picture_width, campaign.picture_alt) == (1600, "A fox")
    assert "We kept" not in client.get(page).text


def test_a_picture_is_kept_when_a_published_campaign_refuses_the_form(client, media):
    send(client, button="publish", **WHOLE)
    campaign = Campaign.objects.get()
    page = page_of(campaign)

    refused = send(client, page, files={"new_picture": png()}, title="")
    assert refused.status_code == 422
    fields = {"title": "Red foxes", "picture_alt": "A fox"}
    again = client.post(page, {**_Fields(refused.text).sent, **fields, "save": ""})
    assert again.status_code == 302

    campaign.refresh_from_db()
    assert (campaign.title, campaign.picture_width) == ("Red foxes", 1600)


def test_nothing_is_kept_of_a_picture_that_is_refused(client, media):
    send(client, button="publish", **WHOLE)
    before = set(media.rglob("*.*"))
    page = page_of(Campaign.objects.get())

    answer = send(
        client, page, files={"new_picture": png()}, picture_alt="A fox", title=""
    )

    assert answer.status_code == 422
    assert set(media.rglob("*.*")) == before
    assert Campaign.objects.get().picture == ""


def test_a_copy_takes_the_texts_and_nothing_that_people_did(client):
    petition = make_petition(title="Foxes", slug="foxes", outcome="Won.", summary="S")
    letter = make_letter(petition.campaign)
    letter.variants.create(part="opening", text="I care.")
    petition.campaign.readings.create(title="A report")
    make_signature(petition).confirm()
    petition.campaign.make_draft_link()
    petition.campaign.close("They have decided.")

    assert "Copy it" in client.get(NEW).text
    page = client.post(COPY, {"campaign": petition.campaign_id}, follow=True)

    new = Campaign.objects.exclude(pk=petition.campaign_id).get()
    assert (new.slug, new.title, new.outcome) == ("foxes-2", "Foxes", "")
    assert (new.closed_at, new.end_reason) == (None, "")
    assert (new.published_at, new.closes_at, new.draft_key) == (None, None, "")
    assert new.petition.ask == petition.ask
    assert new.petition.signatures.count() == 0
    assert new.letter.recipient_list == letter.recipient_list
    assert new.letter.variants.get().text == "I care."
    assert new.readings.get().title == "A report"
    assert page.redirect_chain[-1][0] == page_of(new)
    assert petition.campaign.readings.count() == letter.variants.count() == 1


def test_dates_that_contradict_what_is_stored_break_nothing(client):
    campaign = make(
        client,
        opens="2999-01-01T10:00",
        closes="2999-02-01T10:00",
        event_starts="2999-01-01",
        event_ends="2999-01-05",
    )

    changes = {"opens": "2999-03-01T10:00", "closes": "2999-02-01T11:00"}
    event = {"event_starts": "2999-01-10", "event_ends": "2999-01-08"}
    page = send(client, page_of(campaign), **changes, **event)

    assert {"closes", "event_ends"} <= set(missing(page))
    campaign.refresh_from_db()
    assert (campaign.closes_at, campaign.event_ends) == (None, None)
    assert 'value="2999-02-01T11:00"' in page.text


def test_a_copy_of_nothing_is_not_found(client):
    for pk in ("", "x", "999", "²", "9" * 30):
        assert client.post(COPY, {"campaign": pk}).status_code == 404


@pytest.mark.parametrize("value", some(VALUES, "typed anywhere"))
def test_anything_typed_anywhere_is_a_draft_or_a_clear_page(client, value):
    typed = as_read(VALUES[value])
    texts = ("title", "slug", "summary", "story", "timezone", "closes", "event_starts")
    parts = ("petition-ask", "letter-body", "letter-mode", "letter-recipients")
    rows = ("reading-0-url", "recipient-0-email", "variant-0-part", "csv-text")
    counts = dict.fromkeys(("reading-TOTAL_FORMS", "variant-INITIAL_FORMS"), typed)

    answer = client.post(
        NEW, {**dict.fromkeys((*texts, *parts, *rows), typed), **counts}, follow=True
    )

    assert answer.status_code in (200, 400, 413)
    assert MARKUP not in answer.text
    assert "Traceback" not in answer.text
    if answer.status_code == 200:
        assert client.get(page_of(Campaign.objects.get())).status_code == 200


def test_who_may_not_do_all_of_it_does_not_get_the_form(client):
    campaign = make(client, title="Foxes")
    client.force_login(make_staff("cy", "Moderators"))

    for path in (NEW, page_of(campaign)):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
    assert client.post(COPY, {"campaign": campaign.pk}).status_code == 403
    client.logout()
    assert client.get(NEW).status_code == 302


def test_a_long_campaign_costs_as_many_queries_as_a_short_one(
    client, django_assert_max_num_queries
):
    campaign = make(client, **WHOLE, **LETTER)
    client.get(page_of(campaign))
    with django_assert_max_num_queries(30) as short:
        client.get(page_of(campaign))
    campaign.readings.bulk_create(
        type(campaign.readings.model())(campaign=campaign, title=f"R{n}")
        for n in range(25)
    )
    people = campaign.letter.recipient_list.recipients
    people.bulk_create(
        people.model(
            list=campaign.letter.recipient_list, office="M", email=f"{n}@x.example"
        )
        for n in range(100)
    )
    with django_assert_max_num_queries(len(short)):
        client.get(page_of(campaign))


def test_each_save_is_a_version_and_one_that_changes_nothing_is_none(client, bo):
    campaign = make(client, **WHOLE, **LETTER, **{"reading-0-title": "Report"})
    letter = SuggestedLetter.objects.get(campaign=campaign)
    texts = [campaign, campaign.petition, letter]
    assert [Version.objects.of(text).count() for text in texts] == [1, 1, 1]

    send(client, page_of(campaign))
    assert [Version.objects.of(text).count() for text in texts] == [1, 1, 1]

    send(client, page_of(campaign), summary="Another summary.")
    assert [Version.objects.of(text).count() for text in texts] == [2, 1, 1]
    newest = Version.objects.of(campaign).first()
    assert (newest.by, newest.changed) == (bo, ["summary"])


def test_who_saves_second_is_asked_and_keeps_what_they_typed(client):
    campaign = make(client, **WHOLE)
    began = client.get(page_of(campaign)).context["guide"].began
    send(client, page_of(campaign), summary="Hers.")

    answer = send(client, page_of(campaign), title="Mine & yours", began=began)

    assert answer.status_code == 409
    assert "You have saved this campaign in another window" in answer.text
    assert 'value="Mine &amp; yours"' in answer.text
    campaign.refresh_from_db()
    assert (campaign.title, campaign.summary) == (WHOLE["title"], "Hers.")

    again = answer.context["guide"].began
    send(client, page_of(campaign), title="Mine & yours", began=again)
    campaign.refresh_from_db()
    assert campaign.title == "Mine & yours"


def test_a_deleted_campaign_has_no_form_and_no_draft_link(client, bo):
    campaign = make(client, **WHOLE, link="1")
    campaign.refresh_from_db()
    draft = campaign.draft_url
    assert client.get(draft).status_code == 200

    Deleted.objects.put(campaign, by=bo)

    assert client.get(page_of(campaign)).status_code == 404
    assert client.post(page_of(campaign), {"title": "Back"}).status_code == 404
    assert client.post(COPY, {"campaign": campaign.pk}).status_code == 404
    assert client.get(draft).status_code in (404, 410)
