"""What somebody finds, mends and takes back of their acts on my page."""

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Comment
from database.personal_data import declared_of_supporters
from letters.models import Letter
from outbox.models import Outcome
from petitions.models import NameDecision, Signature
from supporters.acts.act import Act
from supporters.models import (
    Consent,
)
from tests.factories import (
    make_campaign,
    make_counted,
    make_petition,
    make_staff,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed, settle, write
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db
ADA = {"email": "ada@mail.example"}


def test_a_signature_is_put_right(client, mailbox, work):
    petition = make_petition()
    signature = sign(petition, country="GB")
    signature.confirm()
    path = enter(client, mailbox, work)
    form = client.get(f"{path}signatures/{signature.pk}/").text
    assert 'value="Ada Lovelace"' in form
    assert '<option value="GB" selected>' in form

    changed = client.post(
        f"{path}signatures/{signature.pk}/",
        {
            **{"name": "Ada King", "city": "Porto", "country": "PT"},
            **{"shown_as": "first", "shown_name": "Ada"},
        },
    )

    signature.refresh_from_db()
    assert "We have changed your signature" in client.get(changed.url).text
    assert (signature.name, signature.place) == ("Ada King", "Porto, Portugal")
    assert signature.public_name.text == "Ada, Porto"
    tally = {e.country: e.delta for e in petition.tally.filter(country="PT")}
    assert (petition.standing.count, petition.standing.countries) == (1, 1)
    assert tally == {"PT": 1}


def test_two_people_of_one_mailbox_stay_two(client, mailbox, work):
    petition = make_petition()
    ada, bo = sign(petition), sign(petition, name="Bo Lovelace")
    ada.confirm()
    bo.confirm()
    path = enter(client, mailbox, work)

    page = client.post(
        f"{path}signatures/{bo.pk}/", {"name": "Ada Lovelace", "country": "GB"}
    )

    assert page.status_code == 422
    assert "has already signed under this name" in page.text
    assert petition.standing.count == 2


@pytest.mark.parametrize(
    ("choice", "shown"),
    [("full", "Ada Lovelace"), ("first", "Ada, London"), ("initials", "A. L.")],
)
def test_a_name_shows_as_its_owner_chose(client, mailbox, work, choice, shown):
    petition = make_petition()
    signature = sign(petition, shown_as="no")
    signature.confirm()
    assert "Ada" not in client.get("/campaign-1/signatures/newest/").text
    path = enter(client, mailbox, work)

    details = {"name": "Ada Lovelace", "city": "London", "country": "GB"}
    form = {**details, "shown_as": choice, "shown_name": shown.split(",")[0]}
    client.post(f"{path}signatures/{signature.pk}/", form)

    page = Client().get("/campaign-1/signatures/thanks/")
    assert page.status_code == 200
    signature.refresh_from_db()
    assert signature.public_name.text == shown
    [given] = Consent.objects.filter(kind="shown name")
    line = f"“{shown}, United Kingdom”"
    assert given.words == f"Show my name on the petition’s page: {line}"
    assert given.withdrawn_at is None


def test_who_shows_their_name_in_another_way_has_agreed_to_that_alone(
    client, mailbox, work
):
    make_petition()
    details = {"name": "Ada Lovelace", "city": "London", "country": "GB"}
    client.post(
        "/campaign-1/signatures/",
        {**details, **ADA, "shown_as": "full", "shown_name": "Ada Lovelace"},
    )
    Signature.objects.get().confirm()
    path = enter(client, mailbox, work)
    signature = Signature.objects.get()
    agreed = Consent.objects.filter(kind="shown name").order_by("pk")
    before = agreed.get()
    assert before.words in client.get(path).text

    here = f"{path}signatures/{signature.pk}/"
    client.post(here, {**details, "shown_as": "initials", "shown_name": "A. L."})

    full, initials = agreed
    assert full.withdrawn_at
    assert initials.withdrawn_at is None
    assert initials.words != before.words
    client.post(here, {**details, "shown_as": "no"})
    assert not agreed.standing().exists()


def test_a_name_is_taken_back(client, mailbox, work):
    petition = make_petition()
    [signature] = make_counted(petition, 1, **ADA)
    path = enter(client, mailbox, work)
    asks = client.get(f"{path}signatures/{signature.pk}/withdrawal/").text

    done = client.post(f"{path}signatures/{signature.pk}/withdrawal/")

    assert "Remove your name?" in asks
    assert "Your signature no longer counts" in asks
    assert f'<a href="{path}">your page</a>' in asks
    page = client.get(done.url).text
    assert page.count("Your name is off the petition") == 2  # said, and listed so
    assert "Withdrawn" not in page
    assert petition.standing.count == 0


def test_nobody_else_s_acts_can_be_reached(client, mailbox, work):
    petition = make_petition()
    [bo] = make_counted(petition, 1, email="bo@mail.example")
    letter = confirmed(email="bo@mail.example")
    comment = write_comment(petition.campaign, email="bo@mail.example")
    consent = Consent.objects.create(confirmation=bo.confirmation, words="Bo's")
    path = enter(client, mailbox, work)

    for act in (
        f"signatures/{bo.pk}/",
        f"signatures/{bo.pk}/withdrawal/",
        f"letters/{letter.pk}/removal/",
        f"comments/{comment.pk}/removal/",
        f"consents/{consent.pk}/withdrawal/",
    ):
        assert client.post(path + act).status_code == 404
    assert Signature.objects.counted().count() == 1


def test_a_letter_says_whether_it_was_sent(client, mailbox, work):
    written = write()
    path = enter(client, mailbox, work)

    def said():
        page = client.get(path).text.partition('id="letters"')[2]
        return page.partition('<p class="fine">')[2].partition(".")[0]

    assert said() == "Waiting for confirmation"
    written.confirm()
    assert said() == "Not sent yet"
    first, *others = written.deliveries.all()
    settle(first)
    assert said() == "Sent to some of them"
    for delivery in others:
        settle(delivery)
    assert said() == "Sent"
    for delivery in written.deliveries.all():
        settle(delivery, Outcome.REFUSED)
    assert said() == "Not sent"


def test_a_letter_is_deleted(client, mailbox, work):
    letter = confirmed()
    work()
    path = enter(client, mailbox, work)

    client.get(f"{path}letters/{letter.pk}/removal/")
    assert Letter.objects.get().text
    client.post(f"{path}letters/{letter.pk}/removal/")

    assert (Letter.objects.get().text, Letter.objects.get().name) == ("", "")
    assert letter.suggested_letter.sent_count() == 1


def test_a_comment_is_deleted(client, mailbox, work):
    comment = write_comment(make_campaign())
    path = enter(client, mailbox, work)

    asks = client.get(f"{path}comments/{comment.pk}/removal/").text
    client.post(f"{path}comments/{comment.pk}/removal/")

    assert "Delete your comment?" in asks
    assert Comment.objects.get().state == "removed"


def test_a_consent_is_taken_back_once_its_owner_knows_what_follows(
    client, mailbox, work
):
    petition = make_petition()
    client.post(
        "/campaign-1/signatures/",
        {
            **{"name": "Ada Lovelace", **ADA, "country": "GB", "shown_as": "full"},
            "hears_outcome": "on",
        },
    )
    Signature.objects.get().confirm()
    path = enter(client, mailbox, work)
    outcome = Consent.objects.get(kind="follow")
    shown = Consent.objects.get(kind="shown name")
    signing = Consent.objects.get(kind="signature")
    hides, takes_back = (
        f"{path}consents/{given.pk}/withdrawal/" for given in (shown, signing)
    )
    page = client.get(path).text
    assert "“Ada Lovelace, United Kingdom”" in page
    assert "Maria Silva" not in page
    assert f'href="{hides}">I no longer agree' in page
    assert f'action="{hides}"' not in page

    asks = client.get(hides).text
    assert "Hide your name?" in asks
    assert "Your signature still counts." in asks
    assert "Remove your name?" in client.get(takes_back).text
    assert Signature.objects.shown().exists()
    assert not Consent.objects.exclude(withdrawn_at=None).exists()

    hidden = client.post(hides, follow=True)

    assert "We have changed your signature." in hidden.text
    shown.refresh_from_db()
    assert shown.withdrawn_at
    assert not Signature.objects.shown().exists()
    assert petition.standing.count == 1
    stopped = client.post(f"{path}consents/{outcome.pk}/withdrawal/", follow=True)
    assert "Stopped. We will send you no more of these emails." in stopped.text
    assert petition.standing.count == 1
    client.post(takes_back)
    client.post(takes_back)
    assert not Signature.objects.counted().exists()
    assert "Taken back on" in client.get(path).text
    assert client.get(takes_back).url == f"{path}?done=withdrawal"


def test_whoever_signed_twice_and_hides_their_name_is_shown_nowhere(
    client, mailbox, work
):
    make_petition()
    for _ in range(2):
        who = {**ADA, "name": "Ada Lovelace", "country": "GB"}
        client.post("/campaign-1/signatures/", {**who, "shown_as": "full"})
        Signature.objects.latest("pk").confirm()
    path = enter(client, mailbox, work)
    newest = Consent.objects.filter(kind="shown name").latest("pk")
    assert Signature.objects.shown().exists()

    client.post(f"{path}consents/{newest.pk}/withdrawal/")

    assert not Signature.objects.shown().exists()
    assert not Consent.objects.filter(kind="shown name", withdrawn_at=None).exists()
    assert Signature.objects.counted().count() == 1


def test_whatever_is_agreed_to_can_be_taken_back_after_a_question(
    client, mailbox, work
):
    kinds = {
        kind: taking_back
        for each in declared_of_supporters()
        for kind, taking_back in each.consents.items()
    }
    assert {kind._meta.model_name for kind in Act.kinds()} <= set(kinds)
    sign(make_petition(), consents=[(kind, "I do.", "1") for kind in kinds])
    path = enter(client, mailbox, work)

    asked = {
        given.kind: client.get(f"{path}consents/{given.pk}/withdrawal/").text
        for given in Consent.objects.all()
    }

    assert set(asked) == set(kinds)
    for kind, page in asked.items():
        assert f"<h1>{kinds[kind].question}</h1>" in page
        assert f">{kinds[kind].button}</button>" in page
    assert Consent.objects.standing().count() == len(asked)


def test_consents_to_mails_end_the_mails(client, mailbox, work):
    comment = write_comment(
        make_campaign(),
        wants_news=True,
        wants_replies=True,
        consents=[("comment news", "N", "1"), ("comment replies", "R", "1")],
    )
    news, replies = Consent.objects.order_by("pk")

    news.withdraw()
    comment.refresh_from_db()
    assert (comment.wants_news, comment.wants_replies) == (False, True)
    replies.withdraw()

    comment.refresh_from_db()
    assert comment.wants_replies is False


def test_my_page_says_whether_the_name_shows(client, mailbox, work):
    """Waiting, hidden, shown, not confirmed yet: in words that are true."""
    signature = sign(make_petition(), name="Harvey Hall", shown_as="full")
    mine = enter(client, mailbox, work)
    rows = Signature.objects.filter(pk=signature.pk)

    def said():
        return client.get(mine).text.replace("<bdi>", "").replace("</bdi>", "")

    assert (
        "When you have confirmed, we show your name as Harvey Hall, United Kingdom."
        in said()
    )
    signature.confirm()
    assert "People see: Harvey Hall, United Kingdom." in said()
    rows.update(name_hidden_at=timezone.now(), name_hidden_for="moderator")
    waiting = said()
    assert "We will show your name, Harvey Hall, United Kingdom, after" in waiting
    assert "People see:" not in waiting
    signature.public_name.decide(NameDecision.HIDE, by=make_staff("cy"))
    assert "A moderator has hidden your name." in said()
    signature.withdraw()
    assert "Your name is off the petition." in said()


@pytest.mark.parametrize("name", ["Ada Lovelace", "Ada King"])
def test_not_at_all_at_one_of_two_signatures_shows_the_name_nowhere(
    client, mailbox, work, name
):
    """As taking the consent back does, also when the name is put right at once."""
    petition = make_petition()
    counted = sign(petition, shown_as="full")
    again = sign(petition, shown_as="full")
    counted.confirm()
    again.confirm()
    mine = f"{enter(client, mailbox, work)}signatures/{again.pk}/"

    client.post(
        mine, {"name": name, "city": "London", "country": "GB", "shown_as": "no"}
    )

    assert not Signature.objects.shown().exists()
    assert not Signature.objects.exclude(shown_as="no").exists()
