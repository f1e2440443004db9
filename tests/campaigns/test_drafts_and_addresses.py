"""The draft link shows and changes nothing; a former address leads on."""

import re

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import resolve
from django.utils import timezone

from campaign_site.logs import masked
from campaigns.models import Campaign, FormerSlug
from petitions.models import Signature
from supporters.models import Mailing
from tests.campaign_editor.forms import page_of, send
from tests.factories import (
    ADA,
    follow,
    make_campaign,
    make_comment,
    make_counted,
    make_follow,
    make_letter,
    make_petition,
    make_recipients,
    make_staff,
    make_text,
    make_update,
    sign,
    write_comment,
)
from tests.hostile import row_counts
from tests.letters.makers import confirmed as send_letter
from tests.letters.makers import write as write_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    petition = make_petition(published_at=None, title="Save the foxes", slug="foxes")
    make_letter(petition.campaign)
    petition.campaign.make_draft_link()
    return petition.campaign


def test_who_has_the_link_sees_the_draft_and_nobody_else(client, draft):
    page = client.get(draft.draft_url)

    assert page.status_code == 200
    assert "<h1>Save the foxes</h1>" in page.text
    assert "Sign the petition" in page.text
    assert '<meta name="robots" content="noindex, nofollow">' in page.text
    assert '<fieldset class="draft-page" disabled>' in page.text
    # Its key stands in the row of languages alone: nothing shares it.
    row = re.sub(r"<a [^>]*hreflang[^>]*>", "", page.text)
    assert draft.draft_url not in row
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies
    for path in ("/foxes/", "/sitemap.xml", "/"):
        assert "Save the foxes" not in client.get(path).text


def test_looking_at_a_draft_changes_nothing_and_its_forms_do_nothing(client, draft):
    before = row_counts(), Campaign.objects.values().get()

    client.get(draft.draft_url)
    for form in ("signatures", "letter", "comments", "follows"):
        assert client.post(f"/foxes/{form}/", ADA).status_code == 404
    assert client.post(draft.draft_url).status_code == 405

    assert (row_counts(), Campaign.objects.values().get()) == before


def test_a_link_that_was_renewed_or_revoked_shows_nothing(client, draft):
    first = draft.draft_url
    client.get(first)
    draft.make_draft_link()
    second = draft.draft_url

    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    draft.revoke_draft_link()
    assert client.get(second).status_code == 404
    assert draft.draft_url == ""
    assert masked(f"GET {second}") == "GET /drafts/…/"
    for token in (
        "x",
        "1.x",
        "99999999999999999999.x",
        f"{draft.pk}.",
        second.split("/")[-2] + "x",
        "é",
    ):
        assert client.get(f"/drafts/{token}/").status_code == 404


def test_bo_makes_and_ends_the_link_by_buttons_alone(client, draft):
    draft.revoke_draft_link()
    client.force_login(make_staff("bo", "Campaigners"))
    page = page_of(draft)

    send(client, page, button="link", title="Foxes")
    draft.refresh_from_db()
    assert draft.title == "Foxes"
    assert draft.draft_url in client.get(page).text
    send(client, page, button="end_link")
    draft.refresh_from_db()
    assert draft.draft_url == ""


def test_once_it_is_published_the_link_leads_to_the_page(client, draft):
    draft.publish()

    answer = client.get(draft.draft_url)

    assert (answer.status_code, answer["Location"]) == (302, "/foxes/")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "fields", [{"story": "", "summary": ""}, {"timezone": "Asia/Seoul"}]
)
def test_a_draft_with_holes_can_be_looked_at(client, fields):
    campaign = make_campaign(title="", published_at=None, **fields)
    make_letter(campaign, body="", recipients=make_recipients(0))
    campaign.publish(at=timezone.now() + timezone.timedelta(days=3))
    campaign.make_draft_link()

    page = client.get(campaign.draft_url)

    assert page.status_code == 200
    assert "It will be published on" in page.text


def move(campaign, slug):
    campaign.slug = slug
    campaign.full_clean()
    campaign.save()


def test_every_former_address_leads_on_with_all_that_follows_it(client, settings):
    campaign = make_petition(slug="one").campaign
    make_letter(campaign)
    move(campaign, "two")
    move(campaign, "three")

    for old in ("one", "two"):
        for rest in ("", "signatures/", "updates/feed/", "count.json", "letter/"):
            answer = client.get(f"/{old}/{rest}?s=mail")
            assert answer.status_code == 301
            assert answer["Location"] == f"/three/{rest}?s=mail"
            assert "max-age=0" in answer["Cache-Control"]
            assert not answer.cookies
            assert not answer.has_header("Vary")
    client.cookies["sessionid"] = "worthless"
    assert not client.get("/one/").cookies
    assert client.get("/one/nothing/").status_code == 404
    assert client.get("/four/").status_code == 404


def test_addresses_that_differ_by_case_alone_are_one(client, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    first = make_campaign(slug="foxes")
    make_text(first, "de", slug="fuechse")
    for slug, said in (
        ("Foxes", "this Address already"),
        ("About", "itself uses this"),
    ):
        with pytest.raises(ValidationError, match=said):
            move(make_campaign(), slug)
    other = make_text(make_campaign(), "de", slug="other")
    other.slug = "FUECHSE"
    with pytest.raises(ValidationError, match="Another campaign has this address"):
        other.full_clean()

    move(first, "Bears")

    assert first.get_absolute_url() == "/bears/"
    for typed in ("/Foxes/", "/FOXES/updates/feed/"):
        assert client.get(typed, follow=True).status_code == 200


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("/Foxes/?s=MAIL", "/foxes/?s=MAIL"),
        ("/FOXES/SIGNATURES/", "/foxes/signatures/"),
        ("/DE/Fuechse/", "/de/fuechse/"),
        ("/DE/fuechse/", "/de/fuechse/"),
        ("/De/", "/de/"),
        ("/DE/privacy/", "/de/privacy/"),
        ("/PRIVACY/", "/privacy/"),
        ("/API/campaigns/FOXES/", "/api/campaigns/foxes/"),
    ],
)
def test_capitals_in_an_address_lead_to_the_page(client, settings, typed, right):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    make_text(make_petition(slug="foxes").campaign, "de", slug="fuechse")

    answer = client.get(typed)

    assert (answer.status_code, answer["Location"]) == (301, right)
    assert client.get(right).status_code == 200
    assert client.head(typed)["Location"] == right
    assert not answer.cookies


def test_capitals_that_lead_nowhere_are_not_found(client):
    campaign = make_petition(slug="foxes").campaign
    key = sign(campaign.petition).withdrawal_key

    assert client.get("/foxes/Nothing/").status_code == 404
    # A key in small letters is another one.
    of_key = f"/foxes/signatures/{key}/withdrawal/"
    assert client.get(of_key).status_code == 200
    assert client.get(of_key.upper()).status_code == 404


def test_links_in_old_mails_and_open_forms_keep_working(client, mailbox, work):
    petition = make_petition(slug="one")
    signature = sign(petition)
    work()
    link = mailbox.path_to("confirmation")
    move(petition.campaign, "two")

    assert client.post(
        "/one/signatures/", {**ADA, "email": "b@x.example"}
    ).url.startswith("/two/")
    button = client.get(link, follow=True)
    assert button.redirect_chain[0][0].startswith("/two/signatures/")
    client.post(link)
    signature.refresh_from_db()
    assert signature.counted
    # A one-click button of a mail program is not redirected.
    withdrawal = f"/one/signatures/{signature.withdrawal_key}/withdrawal/"
    assert client.get(withdrawal).status_code == 301
    assert client.post(withdrawal).status_code == 200
    assert not Signature.objects.get(pk=signature.pk).counted


def test_an_old_address_is_taken_by_nobody_else_and_may_be_taken_back(client):
    foxes, bears = (
        make_campaign(slug="foxes", title="Foxes"),
        make_campaign(slug="bears"),
    )
    move(foxes, "red-foxes")
    bears.slug = "foxes"
    with pytest.raises(ValidationError, match="This was the address of “Foxes”"):
        bears.full_clean()

    move(foxes, "foxes")

    assert client.get("/foxes/").status_code == 200
    assert client.get("/red-foxes/")["Location"] == "/foxes/"
    assert [former.slug for former in FormerSlug.objects.all()] == ["red-foxes"]


def test_a_draft_leaves_no_former_address(client):
    campaign = make_campaign(slug="one", published_at=None)
    move(campaign, "two")

    assert not FormerSlug.objects.exists()
    assert client.get("/one/").status_code == 404


def test_in_each_language_an_old_address_leads_on_in_that_language(client, settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "Korean")]
    campaign = make_campaign(slug="one", language="ko")
    move(campaign, "two")

    assert client.get("/one/")["Location"] == "/two/"
    assert client.get("/ko/one/")["Location"] == "/ko/two/"


def test_a_draft_link_is_right_also_when_the_language_changes(client, settings, draft):
    settings.LANGUAGES = [("en", "English"), ("ko", "Korean")]
    link = draft.draft_url
    draft.language = "ko"
    draft.save()

    page = client.get(link, follow=True)

    assert page.redirect_chain == [(f"/ko{link}", 302)]
    assert "<h1>Save the foxes</h1>" in page.text


def test_every_link_that_was_mailed_is_right_when_the_language_changes(
    client, mailbox, work, settings
):
    settings.LANGUAGES = [("en", "English"), ("ko", "Korean")]
    settings.LIMIT_MAILS_TO_ADDRESS = 99
    campaign = make_petition(slug="dogs").campaign
    next_one = make_petition(slug="cats").campaign
    letter = make_letter(campaign)
    ada = sign(campaign.petition)
    make_counted(campaign.petition, 1)[0].mail_question_later()
    write_letter(letter)
    send_letter(letter, email="bo@mail.example")
    for who in ("ada", "bo"):
        comment = write_comment(
            campaign, email=f"{who}@mail.example", wants_replies=True, wants_news=True
        )
        comment.confirm() if who == "bo" else None
        comment.moderated_by(make_staff(f"cy-{who}")).show()
    comment.mails.queue("replies_to_comment")
    make_comment(campaign, "I agree.", comment, name="Cleo")
    follow(campaign)
    make_follow(campaign, email="bo@mail.example")
    update = make_update(campaign, follow_up=next_one)
    Mailing.objects.send(update, by=None)
    work()
    links = {
        link
        for mail in mailbox.messages
        for link in re.findall(
            r"http://testserver(/\S+/)", mail.get_body(("plain",)).get_content()
        )
    }
    names = {resolve(link).view_name for link in links if "/dogs/" in link}
    before = {link: client.get(link, follow=True).status_code for link in links}

    campaign.language = "ko"
    campaign.save()
    after = {link: client.get(link, follow=True).status_code for link in links}

    assert names == {
        "campaigns:campaign",
        "campaigns:update",
        "comments:comment",
        "comments:confirmation",
        "comments:writer",
        "letters:confirmation",
        "letters:receipt",
        "petitions:confirmation",
        "petitions:withdrawal",
    }
    assert set(before.values()) == {200}
    assert after == before
    ada.confirmation.refresh_from_db()
    confirm = f"/dogs/signatures/{ada.confirmation.link_key}/confirmation/"
    assert confirm in links
    assert client.post(confirm).url == "/dogs/signatures/thanks/"
    cache.clear()
    for path in ("/dogs/", "/ko/dogs/"):
        assert client.get(path).status_code == 200
