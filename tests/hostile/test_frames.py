"""Other websites may show pages of a campaign in a frame, and gain nothing by it."""

import pytest

from letters.models import Letter
from petitions.models import Signature
from tests.answers import new_browser
from tests.factories import ADA, make_letter, make_petition, prove, sign
from tests.hostile.generator import routes

pytestmark = pytest.mark.django_db
EMBEDDED = [
    "/campaign-1/embed/petition/",
    "/campaign-1/embed/petition/sent/",
    "/campaign-1/embed/letter/",
    "/campaign-1/embed/letter/sent/",
    "/campaign-1/embed/count/",
]
SIGN, WRITE = EMBEDDED[0], EMBEDDED[2]
FORM = {**ADA, "shown_as": "full"}


@pytest.fixture(autouse=True)
def letter():
    return make_letter(make_petition().campaign)


def written(letter, **fields):
    typed = {"name": "Ada Lovelace", "place": "London", "email": "ada@mail.example"}
    typed |= {
        "subject": letter.subject,
        "body": letter.body,
        "own_words": "I love dogs.",
    }
    return {**typed, "way": "us", "send": "", **fields}


def assert_framed(answer):
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors" not in answer["Content-Security-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def assert_never_framed(answer):
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_no_other_address_is_for_frames():
    """Whatever a generator sends elsewhere is never framed (generator.py)."""
    framed = {f"/{route}" for route in routes() if "/embed/" in route}
    framed -= {"/<slug>/embed/"}  # the lines to copy
    assert {path.replace("campaign-1", "<slug>") for path in EMBEDDED} == framed


@pytest.mark.parametrize("path", EMBEDDED)
def test_it_may_be_framed_also_from_the_cache_and_sets_no_cookie(stranger, path):
    for answer in (stranger.get(path), stranger.get(path)):
        assert answer.status_code == 200
        assert_framed(answer)
        assert not answer.cookies
        assert answer["Vary"] == "Accept-Encoding"
        assert "public" in answer["Cache-Control"]
        assert '<base target="_blank">' in answer.text
        assert 'name="robots" content="noindex"' in answer.text


@pytest.mark.parametrize("path", EMBEDDED)
def test_a_browser_that_is_known_is_a_stranger_in_a_frame(letter, path):
    """So nothing laid over it makes one click an act, and nothing of a person shows."""
    signature = sign(letter.campaign.petition, shown_as="no")
    signature.confirm()
    known = new_browser()
    prove(known, signature)

    page = known.get(path)

    assert page.text == new_browser().get(path).text
    assert not any(word in page.text for word in ("Lovelace", "ada@", "as_known"))
    assert known.post(SIGN, {"as_known": "1"}).status_code == 422
    assert known.post(WRITE, written(letter)).url == EMBEDDED[3]
    assert Letter.objects.get().confirmed_at is None


def test_who_signs_in_a_frame_is_asked_by_mail_and_counted_after_that(
    client, letter, mailbox, work
):
    answer = client.post(SIGN, FORM)
    work()

    assert answer.url == EMBEDDED[1]
    assert not answer.cookies
    page = client.get(answer.url)
    assert "Now check your email" in page.text
    assert "ada@" not in page.text
    assert not Signature.objects.get().confirmed_at

    link = mailbox.path_to("confirmation")
    assert_never_framed(client.get(link))
    assert "by_itself" not in client.get(link).text
    done = client.post(link, follow=True)
    assert_never_framed(done)
    assert Signature.objects.get().signer.counted_signature


def test_who_writes_in_a_frame_is_asked_by_mail(client, letter, mailbox, work):
    answer = client.post(WRITE, written(letter))
    work()

    assert answer.url == EMBEDDED[3]
    assert "Now check your email" in client.get(answer.url).text
    client.post(mailbox.path_to("confirmation"))
    assert Letter.objects.get().confirmed_at


def test_what_was_typed_is_kept_in_the_frame(client, letter):
    for path, typed in [
        (SIGN, {**FORM, "email": "ada@"}),
        (WRITE, written(letter, email="ada@")),
    ]:
        answer = client.post(path, typed)

        assert answer.status_code == 422
        assert_framed(answer)
        assert 'value="Ada Lovelace"' in answer.text
        assert f'action="{path}" method="post" target="_self"' in answer.text


def test_the_form_of_another_site_is_refused_and_limits_count_alike(client, settings):
    settings.LIMIT_POSTS_A_MINUTE = 2
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(SIGN, FORM, headers=headers).status_code == 403

    assert client.post(SIGN, FORM).status_code == 302
    assert client.post("/campaign-1/signatures/", FORM).status_code == 302
    late = client.post(SIGN, FORM)

    assert late.status_code == 429
    assert_framed(late)
    assert Signature.objects.count() == 2


def test_by_which_website_somebody_came_is_known(client):
    client.post(SIGN, FORM, headers={"Referer": f"http://testserver{SIGN}?s=embed"})

    assert Signature.objects.get().referral_code == "embed"


def test_what_has_ended_says_so_in_the_frame(client, letter):
    letter.campaign.close()

    for path in (SIGN, WRITE):
        answer = client.post(path, FORM)
        assert answer.status_code == 410
        assert_framed(answer)


def test_no_error_elsewhere_is_framed(client):
    for answer in (
        client.post("/campaign-1/signatures/", {}),
        client.post("/campaign-1/letter/", {"send": ""}),
        client.get("/nowhere/embed/petition/"),
        client.put(SIGN),
    ):
        assert answer.status_code >= 400
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
