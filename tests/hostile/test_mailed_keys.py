"""What each key in a mail opens, and that none opens anything for who had it before.

`KEYS` lists every address with a key in it and every link or code in a mail. A new one
fails here until it is listed, with the test that shows how it ends.
"""

import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from letters.models import AddressCorrection, Recipient
from outbox.mailed_keys import StandingKey
from petitions.signing.models import THANKS, THANKS_AFTER
from staff.models import Invitation
from supporters.models import (
    Confirmation,
    Follow,
    Mailing,
    Supporter,
    UpdateForFollower,
)
from tests.factories import (
    ask_volunteer,
    make_campaign,
    make_follow,
    make_letter,
    make_petition,
    make_staff,
    make_update,
)
from tests.hostile.mailed_keys import (
    KEYS,
    NAMES,
    OPEN_TO_ALL,
    PUBLIC_LINKS,
    addresses,
    of,
)
from tests.rooms import with_volunteers
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db
OLD, NEW = "old@mail.example", "new@mail.example"


def test_every_address_with_a_key_is_listed():
    with_key = {
        name for name, takes in addresses() if takes - NAMES and name not in OPEN_TO_ALL
    }

    assert with_key == set().union(*(key.addresses for key in KEYS.values()))


def test_every_link_and_code_in_a_mail_is_listed():
    words = "".join(p.read_text() for p in (ROOT / "templates/emails").glob("*.*"))
    named = set(re.findall(r"{{ *([\w.]*(?:url|code|key|token|link)\w*)", words))
    listed = set().union(*(key.mailed_as for key in KEYS.values()))

    assert {n for n in named if "colours" not in n} == listed | PUBLIC_LINKS


def test_each_kind_names_the_test_that_shows_how_it_ends():
    assert {key.shown_by for key in KEYS.values()} <= set(globals())


# Long enough not to wait for a moderator.
BODY = "Please help the animals of our sister city."
ACTS = {
    "signature": (
        "/campaign-1/signatures/",
        {
            "name": "Olga Old",
            "city": "London",
            "country": "GB",
            "shown_as": "full",
            "agreed": "on",
            "hears_outcome": "on",
        },
    ),
    "letter": (
        "/campaign-1/letter/",
        {"name": "Olga Old", "subject": "Please", "body": BODY, "send": ""},
    ),
    "comment": (
        "/campaign-1/comments/",
        {"name": "Olga Old", "text": "It is late.", "wants_news": "on"},
    ),
    "follow": ("/campaign-1/follows/", {"frequency": "immediate"}),
}


@pytest.fixture
def client():
    """A browser on our own pages."""
    return Client(headers={"sec-fetch-site": "same-origin"})


@pytest.fixture(params=ACTS)
def taken_over(request, client, mailbox, work):
    """Who reads `old` typed it, read its mail, and then typed the address of `new`.

    Returns the page of the new inbox, the mail of before, and all keys of before.
    """
    make_letter(make_petition().campaign)
    path, typed = ACTS[request.param]
    inbox = client.post(path, {**typed, "email": OLD})["Location"]
    work()
    [seen] = mailbox.messages
    keys = standing_keys()
    inbox = client.post(f"{inbox}mail/", {"email": NEW})["Location"]
    work()
    client.cookies.clear()
    return inbox.partition("?")[0], seen, keys


def links(message):
    """The paths of all links in a mail, in its words and in its headers."""
    text = message.get_body(("plain",)).get_content()
    text += f" {message['List-Unsubscribe']}"
    return set(re.findall(rf"{re.escape(settings.SITE_URL)}(/[^\s<>]*)", text))


def keyed(paths):
    """Those among them with a key in them."""
    found = set()
    for path in paths:
        try:
            takes = resolve(path).kwargs
        except Resolver404:
            raise AssertionError(f"a mail links to {path}, which is nowhere") from None
        if set(takes) - NAMES:
            found.add(path)
    return found


def standing_keys():
    """All keys of acts that stand in mails for years."""
    return {
        key
        for relation in Confirmation._meta.related_objects
        for field in relation.related_model._meta.fields
        if isinstance(field, StandingKey)
        for key in field.model.objects.values_list(field.name, flat=True)
    }


def state_of_the_new():
    """All rows that hang on the new address, as they are."""
    new = Supporter.objects.get(email=NEW)
    state = []
    for relation in Supporter._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        state += model.objects.filter(**{name: new}).order_by("pk").values()
    for relation in Confirmation._meta.related_objects:
        model, name = relation.related_model, f"{relation.field.name}__supporter"
        state += model.objects.filter(**{name: new}).order_by("pk").values()
    return state


def assert_opens_nothing(client, path, *, of_itself=()):
    """Neither looking nor pressing the button shows or changes what is not theirs."""
    before = state_of_the_new()
    for answer in (client.get(path), client.post(path)):
        if resolve(path).view_name not in of_itself:
            assert answer.status_code in (404, 405, 410), path
        assert "Olga" not in answer.text
        assert NEW not in answer.text
        assert "supporter" not in answer.cookies
    assert state_of_the_new() == before


def test_who_had_the_mail_first_opens_nothing_of_the_next_address(
    client, mailbox, taken_over
):
    _inbox, seen, _keys = taken_over
    had = keyed(links(seen))
    assert had

    for path in had:
        assert_opens_nothing(client, path, of_itself={"supporters:stopping"})
    client.post(mailbox.path_to("confirmation"))
    client.cookies.clear()
    for path in had:
        assert_opens_nothing(client, path, of_itself={"supporters:stopping"})


def test_the_links_of_thanks_open_nothing_of_the_next_address(
    client, mailbox, work, time_machine
):
    make_petition()
    path, typed = ACTS["signature"]
    inbox = client.post(path, {**typed, "email": OLD}).url
    work()
    client.post(mailbox.path_to("confirmation"))
    time_machine.move_to(timezone.now() + THANKS_AFTER)
    work()
    had = keyed(path for path in links(mailbox.last()) if "?s=" not in path)
    client.post(f"{inbox}mail/", {"email": NEW})
    work()
    client.post(mailbox.path_to("confirmation"))
    client.cookies.clear()
    own = {"petitions:own", "supporters:stopping"}
    assert {resolve(path).view_name for path in had} == own

    for path in had:
        assert_opens_nothing(client, path, of_itself=own)
    assert not Supporter.objects.get(email=NEW).has_stopped(THANKS)


def test_the_code_of_the_first_mail_confirms_nothing(client, taken_over):
    inbox, seen, _keys = taken_over
    text = seen.get_body(("plain",)).get_content()
    [code] = re.findall(r"^  (\d{6})\s", text, re.M)

    answer = client.post(f"{inbox}code/", {"code": code})

    assert answer.status_code == 422
    assert not Confirmation.objects.filter(used_at__isnull=False).exists()


def test_every_standing_key_is_another_one_for_another_address(taken_over):
    _inbox, _seen, keys = taken_over

    assert keys
    assert not keys & standing_keys()


def test_nothing_of_an_act_stays_with_the_address_of_before(taken_over):
    old = Supporter.objects.get(email=OLD)

    left = {
        relation.related_model
        for relation in Supporter._meta.related_objects
        if relation.related_model.objects.filter(**{relation.field.name: old}).exists()
    }
    assert Follow not in left
    assert Confirmation not in left


@pytest.mark.parametrize("act", ["signature", "follow"])
def test_who_confirms_while_the_address_is_changed_is_not_taken_for_its_owner(
    client, mailbox, work, monkeypatch, act
):
    make_petition()
    path, typed = ACTS[act]
    client.post(path, {**typed, "email": OLD})
    work()
    confirmation = mailbox.path_to("confirmation")
    use = Confirmation.use

    def change_first(self):
        Confirmation.objects.get(pk=self.pk).note_replaced()
        return use(self)

    monkeypatch.setattr(Confirmation, "use", change_first)
    answer = client.post(confirmation)

    assert answer.status_code == 410
    assert "This link no longer works" in answer.text
    assert "supporter" not in answer.cookies
    assert not Confirmation.objects.filter(used_at__isnull=False).exists()


def test_who_knew_the_key_of_a_follow_neither_stops_nor_signs_for_the_next(
    client, mailbox, work
):
    campaign = make_petition().campaign
    inbox = client.post(
        "/campaign-1/follows/", {"frequency": "daily", "email": OLD}
    ).url
    work()
    known = Follow.objects.get().key
    client.post(f"{inbox}mail/", {"email": NEW})
    work()
    client.post(mailbox.path_to("confirmation"))
    client.cookies.clear()
    following = make_petition(slug="next").campaign
    make_update(campaign, follow_up=following)

    for page in (
        f"/follows/{known}/thanks/",
        f"/follows/{known}/cancellation/",
        f"/follows/{known}/cancellation/all/",
        f"/next/signatures/next/{known}/",
    ):
        assert_opens_nothing(client, page)
    assert Follow.objects.get().is_active
    now = Follow.objects.get().next_key
    assert client.get(f"/next/signatures/next/{now}/").status_code == 200


def test_the_way_to_my_page_is_used_once_and_ends_with_a_newer_mail(
    client, mailbox, work
):
    page = client.post("/mine/", {"email": OLD}).url
    work()
    first = mailbox.path_to("opening")
    client.post(f"{page}mail/")
    work()
    second = mailbox.path_to("opening")

    assert client.post(first).status_code == 410
    assert client.post(second).status_code == 302
    client.cookies.clear()
    for path in (first, second, page):
        assert client.get(path).status_code == client.post(second).status_code == 410


def test_what_an_official_s_old_mailbox_got_ends_with_its_address(
    client, mailbox, work
):
    make_letter()
    official = Recipient.objects.first()
    for _visit in range(2):
        client.post(f"/officials/{official.page_key}/")
    work()
    (denial, first), (_denial, second) = (
        sorted(keyed(links(message))) for message in mailbox.messages
    )
    assert client.get(denial).status_code == 200
    inside = client.post(second).url
    AddressCorrection.objects.request(official, "typed@council.example")
    work()
    [typed] = {p for m in mailbox.messages for p in links(m) if "/address/" in p}
    no = mailbox.newest_path("/officials/objection/")
    for path in (inside, typed, no):
        assert client.get(path).status_code == 200
    Recipient.objects.filter(pk=official.pk).update(email="other@council.example")

    for path in (first, denial, second, inside, typed, no):
        assert client.get(path).status_code == 410
        assert client.post(path).status_code in (405, 410)
    mailbox.clear()
    client.post(f"/officials/{official.page_key}/")
    work()
    assert [m["To"] for m in mailbox.messages] == ["other@council.example"]


def test_an_invitation_ends_with_the_next_one_and_when_it_is_revoked(
    client, mailbox, work
):
    invitation = Invitation.objects.create(
        email="di@site.example",
        invited_by=make_staff("bo", is_superuser=True),
    )
    invitation.groups.add(Group.objects.get(name="Moderators"))
    for _mail in range(2):
        invitation.mail_later()
        work()
    [first], [second] = (keyed(links(message)) for message in mailbox.messages)

    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    Invitation.objects.all().revoke()
    assert client.get(second).status_code == 410


def test_the_link_of_a_notice_shows_nothing_that_was_typed_and_ends_with_no(
    client, mailbox, work
):
    make_campaign()
    typed = {"location": "/campaign-1/", "law": "other", "words": "It names my child."}
    client.post("/notices/", typed | {"name": "Olga", "email": OLD, "is_true": "on"})
    work()
    page = mailbox.newest_path("/notices/")
    denial = "I did not send this report"

    before = client.get(page).text
    client.post(page)

    assert denial in before
    assert not any(words in before for words in ("Olga", OLD, "my child"))
    assert denial not in client.get(page).text


@with_volunteers
def test_the_link_of_a_translation_shows_nothing_and_ends_with_its_request(
    client, mailbox, work, settings
):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]
    campaign = make_petition(title="Close the farms").campaign
    request = ask_volunteer(campaign, email=OLD)
    work()
    page = mailbox.newest_path("/ko/translations/")

    shown = client.get(page).text
    request.close()

    assert not any(words in shown for words in ("Close the farms", OLD))
    for path in (page, f"{page}closing/", f"{page}texts/campaign-{campaign.pk}/"):
        assert client.get(path).status_code == client.post(path).status_code == 410


def test_a_reset_of_a_password_ends_when_the_address_is_another_one(
    client, mailbox, work
):
    bo = make_staff("bo", "Campaigners", email=OLD)
    client.post("/admin/account/password/reset/", {"email": OLD})
    work()
    [reset] = keyed(links(mailbox.last()))
    get_user_model().objects.filter(pk=bo.pk).update(email=NEW)

    page = client.get(reset, follow=True)

    assert 'type="password"' not in page.text


def test_no_mail_holds_the_page_of_the_inbox(client, mailbox, work, taken_over):
    inbox, *_rest = taken_over

    assert not any(inbox in path for m in mailbox.messages for path in links(m))


def test_no_mail_holds_the_way_to_a_draft(mailbox, work, settings):
    settings.MAILS_A_MINUTE = 10**6
    campaign = make_campaign()
    make_follow(campaign, OLD)
    Mailing.objects.send(make_update(campaign), by=None)
    work()
    assert UpdateForFollower.objects.filter(outcome="sent").exists()

    names = {resolve(path).view_name for m in mailbox.messages for path in links(m)}

    assert names <= {
        "campaigns:updates",
        "campaigns:campaign",
        "campaigns:update",
    } | of("supporters", "cancellation", "cancellation-of-all")
