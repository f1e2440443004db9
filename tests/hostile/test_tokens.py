"""Tokens of others, of another purpose, altered, expired and used; what has ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.mailed_keys import signer
from petitions.models import Signature
from supporters.acts.stopping import stop_url
from tests.factories import make_petition, sign
from tests.hostile import FORMS, URLENCODED, assert_is_clear_page, path_of, row_counts

pytestmark = pytest.mark.django_db
PLACES = {"inbox": "", "confirmation": "confirmation/"}


def bad_tokens(pending):
    """Tokens of nobody, of others, and of this signature for another purpose."""
    other = sign(make_petition(slug="other"), email="eve@mail.example")
    page = pending.confirmation.page_token
    mail, key = pending.confirmation.link_key, pending.withdrawal_key
    pk, _dot, signature = mail.partition(".")
    return {
        "page": [mail, other.confirmation.page_token],
        "mail": [page, other.confirmation.link_key],
        "key": [page, mail, other.withdrawal_key, key[:-1], key + "x", key.swapcase()],
        "any": [
            f"{pk}.{signature[::-1]}",
            f"{pk}.{signature[:-1]}",
            f"{mail}x",
            f"0{mail}",
            f"{pk}.",
            f".{signature}",
            "0.x",
            "-1.x",
            "9" * 18 + ".x",
            "9" * 40 + ".x",
            "１.x",
            "%00",
            f"{mail}%00",
            "%ff",
            "%ED%A0%80",
            "%0d%0aX-Injected:1",
            "..",
            "<script>alert(1)</script>",
            "🐕",
            "x" * 3000,
        ],
    }


@pytest.mark.parametrize("view", ["inbox", "confirmation"])
def test_a_token_that_an_earlier_version_has_signed_opens_nothing(
    client, pending, view
):
    asked = pending.confirmation
    words = f"{asked.pk}-{int(asked.created_at.timestamp())}"
    salt = "page" if view == "inbox" else "link"
    token = signer(f"supporters.confirmation {salt}").sign(words)

    answer = client.get(f"/{pending.campaign.slug}/signatures/{token}/{PLACES[view]}")

    assert answer.status_code in (404, 410)


@pytest.mark.parametrize("purpose", ["page", "mail", "key"])
def test_a_token_of_another_purpose_of_others_or_of_nobody_opens_nothing(
    client, pending, purpose
):
    tokens = bad_tokens(pending)
    before = row_counts(), list(Signature.objects.values())
    forms = [form for form in FORMS.values() if f"{{{purpose}}}" in form.path]
    paths = [form.path.replace(f"{{{purpose}}}", "{}") for form in forms]
    paths += ["signatures/{}/"] if purpose == "page" else []

    for token in tokens[purpose] + tokens["any"]:
        for path in paths:
            address = f"/campaign-1/{path.format(token)}"
            for method in ("GET", "POST"):
                response = client.generic(method, address, b"code=123456", URLENCODED)
                assert_is_clear_page(response, 403, 404, 405, 410)
    assert (row_counts(), list(Signature.objects.values())) == before


def test_a_link_that_stops_mails_of_which_there_are_no_more_says_so(client, pending):
    ada = pending.confirmation.supporter
    path = stop_url(ada, "weekly_news", "en")

    for answer in (client.get(path), client.post(path)):
        assert_is_clear_page(answer, 410)
        assert "There is nothing to stop" in answer.text
    assert not ada.has_stopped("weekly_news")


def test_expired_tokens_say_what_to_do(client, pending, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    before = row_counts()

    for name in ("code", "mail", "confirmation"):
        response = client.post(path_of(FORMS[name], pending), FORMS[name].good)
        assert_is_clear_page(response, 410)
        assert "This link has expired" in response.text
        assert 'href="/campaign-1/signatures/">Sign again</a>' in response.text
    assert row_counts() == before


def test_reused_tokens_say_that_it_is_done_and_count_once(client, pending):
    confirmation = path_of(FORMS["confirmation"], pending)
    client.post(confirmation)
    before = row_counts()

    again = [client.post(confirmation), client.get(confirmation)]

    for response in again:
        assert_is_clear_page(response, 200)
        assert "<h1>Your name counts</h1>" in response.text
    assert row_counts() == before


def test_a_withdrawal_twice_says_the_same(client, pending):
    path = path_of(FORMS["withdrawal"], pending)

    first, second = client.post(path), client.post(path)

    assert_is_clear_page(first, 200)
    assert first.text == second.text
    assert "Your name is off the petition" in first.text


@pytest.mark.parametrize("name", ["sign", "preview", "draft", "sent"])
def test_a_closed_campaign_takes_nothing_and_says_where_to_go(client, pending, name):
    pending.petition.campaign.close()
    form, before = FORMS[name], row_counts()

    for response in (
        client.post(path_of(form, pending), form.good),
        client.get(path_of(form, pending)),
    ):
        assert_is_clear_page(response, 410)
        assert 'href="/campaign-1/">See the campaign</a>' in response.text
    assert row_counts() == before


@pytest.mark.parametrize(
    "cookie", ["", "x", "x" * 5000, "1:2:3", '"\\000"', "🐕".encode().decode("latin-1")]
)
def test_a_cookie_of_nobody_is_no_cookie(client, pending, cookie):
    client.cookies["supporter"] = cookie
    client.cookies["sessionid"] = cookie

    for path in ("/campaign-1/letter/", "/campaign-1/signatures/thanks/"):
        assert_is_clear_page(client.get(path), 200)
    assert (
        client.post("/campaign-1/letter/", {"way": "app", "sent": ""}).status_code
        == 302
    )
