"""The link of a question after it was used, was damaged, or is too old."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from letters.models import SuggestedLetter
from petitions.models import Petition, Signature
from supporters.models import Confirmation, Follow, RetentionRun
from tests.answers import new_browser
from tests.factories import (
    follow,
    make_campaign,
    make_petition,
    make_staff,
    sign,
    write_comment,
)
from tests.letters.makers import write
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db
KINDS = {
    "signature": lambda **who: sign(Petition.objects.first() or make_petition(), **who),
    "letter": lambda **who: write(SuggestedLetter.objects.first(), **who),
    "follow": lambda **typed: follow(a_campaign(), **{"frequency": "daily", **typed}),
    "comment": lambda **who: write_comment(a_campaign(), wants_news=True, **who),
}
AGAIN = {
    "signature": "/campaign-1/signatures/",
    "letter": "/campaign-1/letter/",
    "follow": "/follows/",
    "comment": "/campaign-1/#comments",
}


def a_campaign():
    return Campaign.objects.first() or make_campaign()


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def asked(kind, mailbox, work):
    """An act of this kind, whose owner was asked."""
    act = KINDS[kind]()
    work()
    return act


@pytest.fixture
def link(asked, mailbox):
    return mailbox.path_to("confirmation")


def test_a_used_link_says_what_stands(kind, client, link):
    client.post(link)

    pages = [new_browser().get(link), new_browser().post(link)]

    says = {
        "signature": "Your name counts",
        "letter": "Thank you. We have your letter.",
        "follow": "You follow this campaign",
        "comment": "Your comment is waiting for a moderator",
    }
    for page in pages:
        assert page.status_code == 200
        assert f"<h1>{says[kind]}</h1>" in page.text
    today = timezone.localdate().strftime("%-d %B %Y")
    if kind in ("signature", "letter"):
        words = " ".join(page.text.split())
        assert re.search(rf"You confirmed (it|your letter to .*) on {today}", words)
        assert " sent " not in words


def test_a_used_link_says_what_became_of_it_since(client, mailbox, work):
    signature = sign(make_petition())
    follow()
    comment = write_comment(make_campaign(), wants_news=True)
    work()
    links = [
        act.confirmation.link_key for act in (signature, Follow.objects.get(), comment)
    ]
    paths = [
        f"/campaign-1/signatures/{links[0]}/confirmation/",
        f"/follows/{links[1]}/confirmation/",
        f"/campaign-2/comments/{links[2]}/confirmation/",
    ]
    for path in paths:
        client.post(path)
    Signature.objects.get().withdraw()
    Follow.objects.get().stop()
    comment.moderated_by(make_staff("cy")).show()

    pages = [new_browser().get(path).text for path in paths]

    assert "<h1>Your name is off the petition</h1>" in pages[0]
    assert "<h1>You do not get these emails now</h1>" in pages[1]
    assert "<h1>Your comment is on the page</h1>" in pages[2]


def test_a_used_link_tells_who_follows_anew_how_often(client, mailbox, work):
    campaign = make_campaign()
    follow(campaign, frequency="daily")
    work()
    link = mailbox.path_to("confirmation")
    client.post(link)
    follow(campaign, frequency="weekly").confirm()

    page = new_browser().get(link)

    assert "How often we write to you: once a week." in page.text


@pytest.mark.parametrize("signs", [">", ")", ".", ">.", ").", "”", "*"])
def test_signs_after_the_link_do_no_harm(client, asked, link, signs):
    page = client.get(f"{link}{signs}", follow=True)

    assert page.status_code == 200
    assert page.redirect_chain[-1][0] == link
    assert "Is this" in page.text or "Do you want our updates?" in page.text


@pytest.mark.parametrize("signs", ["", ")", ".", "_"])
def test_a_key_that_lost_its_slash_keeps_its_last_sign(client, signs):
    """A key may end with a sign that mail programs put around links, too."""
    key = "k" * 21 + "_"
    comment = write_comment(make_campaign())
    type(comment).objects.update(mail_key=key)
    slash = "/" if signs == "_" else ""

    path = f"/campaign-1/comments/writer/{key}{slash}{signs}"
    page = client.get(path, follow=True)

    assert page.status_code == 200
    assert page.redirect_chain[-1][0] == f"/campaign-1/comments/writer/{key}/"


@pytest.mark.parametrize("cut", [2, 10, 25, 40])
def test_a_cut_link_says_what_to_do_and_leads_to_the_campaign(
    kind, client, asked, link, cut
):
    page = client.get(link[:-cut], follow=True)

    assert page.status_code == 404
    assert "Open the email again and press its button" in page.text
    home = "/campaign-1/" if kind != "follow" else "/#campaigns"
    assert f'class="button" href="{home}"' in page.text
    assert not Confirmation.objects.exclude(used_at=None).exists()


def test_signs_lead_nowhere_but_to_an_address_of_ours(client):
    make_petition()

    for path in ("//evil.example/>", "/nothing/here/>", "/campaign-1/nothing/)"):
        assert client.get("/", PATH_INFO=path).status_code == 404
    assert client.get("/campaign-1/>)")["Location"] == "/campaign-1/"


def test_what_the_night_deleted_says_so(kind, client, asked, link, time_machine):
    tab = asked.inbox_url
    time_machine.move_to(timezone.now() + timedelta(days=8))
    RetentionRun.run()

    for address in (link, tab):
        page = client.get(address)
        assert page.status_code == 410
        assert "It is older than 7 days." in page.text
        assert f'href="{AGAIN[kind]}"' in page.text
    assert kind == "comment" or "If not, we have deleted" in page.text


def test_the_page_after_a_form_closes_alike_whether_or_not_its_owner_confirmed(
    kind, client, asked, link, time_machine
):
    """Somebody who typed the address of another waits, and looks who has confirmed."""
    other = KINDS[kind](email="bo@mail.example")
    client.post(link)
    stranger, start = new_browser(), timezone.now()

    for days, status in ((6, 200), (7.01, 410), (9, 410), (40, 410)):
        time_machine.move_to(start + timedelta(days=days))
        if days > 8:
            RetentionRun.run()
        seen = [
            (page.status_code, without(act, page.text))
            for act in (asked, other)
            for page in [stranger.get(act.inbox_url)]
        ]
        assert seen[0] == seen[1]
        assert seen[0][0] == status


def without(act, page):
    """A page without the token and the address of its act."""
    asked = act.confirmation
    return page.replace(asked.page_token, "TOKEN").replace(asked.email, "ADDRESS")


def test_every_app_has_the_pages_of_its_questions():
    templates = ROOT / "templates"
    for app in ("petitions", "letters", "comments", "supporters/follows"):
        names = ("inbox", "confirmation", "used", "expired")
        assert all((templates / app / f"{name}.html").exists() for name in names)
