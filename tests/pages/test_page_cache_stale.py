"""What the page cache does when time passes, when rendering fails, and with pages
that turn out not to be everybody's."""

from datetime import timedelta

import pytest
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from campaign_site import urls
from pages import machine_cache, page_cache
from pages.page_cache import public_page
from tests.factories import make_campaign, make_petition, make_staff

pytestmark = pytest.mark.django_db
SCRIPT = []
rendered = []


@public_page
def scripted(request):
    """Answers what the test wrote, one line of the script a rendering."""
    rendered.append(request.path)
    return SCRIPT[len(rendered) - 1](request)


urlpatterns = [path("scripted/", scripted), *urls.urlpatterns]
handler500 = urls.handler500


def text(words):
    return lambda request: HttpResponse(words)


def broken(request):
    raise RuntimeError("The database is away.")


def gone(request):
    raise Http404


def with_cookie(request):
    response = HttpResponse("for you")
    response.set_cookie("who", "ada")
    return response


def touching_the_session(request):
    return HttpResponse(f"{request.session.get('basket', 'empty')}")


def knowing_who_asks(request):
    return HttpResponse(f"Hello {request.user}")


def with_a_token_for_forms(request):
    from django.middleware.csrf import get_token

    return HttpResponse(get_token(request))


@pytest.fixture
def play(settings, time_machine):
    """Write the script, and look at what a visitor then sees after some seconds."""
    settings.ROOT_URLCONF = __name__
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    rendered.clear()

    def play(*lines):
        SCRIPT[:] = lines

        def see(after=0, method="get"):
            time_machine.move_to(start + timedelta(seconds=after), tick=False)
            return getattr(Client(raise_request_exception=False), method)("/scripted/")

        return see

    return play


def test_a_page_is_rendered_again_after_eight_seconds(play):
    see = play(text("one"), text("two"))

    assert [see(0).text, see(7).text, see(9).text] == ["one", "one", "two"]


@pytest.mark.parametrize(
    "is_forgotten_by", ["this process", "this process, for others", "another process"]
)
def test_what_was_begun_before_an_edit_is_shown_once(
    play, monkeypatch, tmp_path, time_machine, is_forgotten_by
):
    if is_forgotten_by != "this process":
        monkeypatch.setenv(machine_cache.FOLDER, str(tmp_path))
    is_here = is_forgotten_by.startswith("this")
    forget = page_cache._forget if is_here else machine_cache.delete

    def edited_meanwhile(request):
        time_machine.move_to(timezone.now() + timedelta(seconds=1), tick=False)
        forget(page_cache._key_of("/scripted/"))
        return HttpResponse("before")

    see = play(edited_meanwhile, text("after"), text("later"))

    assert [see(0).text, see(2).text, see(9).text] == ["before", "after", "after"]


def test_a_clock_that_is_put_back_does_not_keep_an_old_page(play):
    see = play(text("one"), text("two"))

    assert [see(0).text, see(-3600).text, see(-3599).text] == ["one", "two", "two"]


def test_the_old_page_stays_when_rendering_fails(play):
    see = play(text("one"), *[broken] * 30, text("two"))

    pages = [see(seconds) for seconds in (0, 9, 12, 50, 300)]

    assert [page.text for page in pages] == ["one"] * 5
    assert {page.status_code for page in pages} == {200}


def test_while_rendering_fails_one_request_in_eight_seconds_tries(play):
    see = play(text("one"), *[broken] * 30)
    see(0)

    for seconds in range(9, 24):
        assert see(seconds).text == "one"

    assert len(rendered) - 1 == 2


def test_after_five_minutes_of_failing_the_error_shows(play):
    see = play(text("one"), *[broken] * 30)
    see(0)

    page = see(311)

    assert page.status_code == 500
    assert "Something broke on our side" in page.text
    assert page["Cache-Control"] == "no-store"


def test_one_request_renders_while_the_others_get_the_old_page(play):
    meanwhile = []

    def slow(request):
        meanwhile.extend(Client().get("/scripted/").text for _ in range(3))
        return HttpResponse("two")

    see = play(text("one"), slow)
    see(0)

    assert see(11).text == "two"
    assert meanwhile == ["one"] * 3
    assert len(rendered) == 2


def test_what_a_quiet_page_showed_minutes_ago_is_sent_to_nobody(play):
    """A name may have been erased since; all who come at once get the new page."""
    meanwhile = []

    def slowly(request):
        meanwhile.append(Client().get("/scripted/").text)
        return HttpResponse("new")

    see = play(text("old"), slowly, text("new"))

    assert see(0).text == "old"
    assert see(24.5).text == "new"
    assert meanwhile == ["new"]


def test_a_page_that_is_gone_does_not_come_back(play):
    see = play(text("one"), gone, broken)

    assert see(0).text == "one"
    assert see(11).status_code == 404
    assert see(12).status_code == 500


@pytest.mark.parametrize(
    "personal",
    [with_cookie, touching_the_session, knowing_who_asks, with_a_token_for_forms],
)
def test_what_depends_on_the_visitor_is_never_stored(play, personal):
    see = play(personal, personal)

    pages = [see(0), see(1)]

    assert len(rendered) == 2
    assert {page["Cache-Control"] for page in pages} == {"no-store"}


def test_an_answer_to_head_serves_the_next_get(play):
    see = play(text("one"))

    head, get = see(0, "head"), see(1)

    assert (head.content, get.content) == (b"", b"one")
    assert head["ETag"] == get["ETag"]
    assert len(rendered) == 1


def test_a_post_is_never_answered_from_the_cache(play):
    see = play(text("one"), text("two"))
    see(0)

    posted = see(1, "post")

    assert posted.text == "two"
    assert not posted.has_header("Cache-Control")
    assert see(2).text == "one"


def test_a_page_over_http_is_not_the_one_over_https(settings, stranger):
    settings.SERVED_OVER_HTTPS = settings.SECURE_SSL_REDIRECT = True
    make_petition()
    secure = stranger.get("/campaign-1/", secure=True)

    plain = stranger.get("/campaign-1/")

    assert secure.status_code == 200
    assert plain.status_code == 301
    assert plain["Location"] == "https://testserver/campaign-1/"


def test_a_campaign_that_is_unpublished_disappears_within_a_minute(
    stranger, time_machine
):
    campaign = make_campaign(title="A mistake")
    assert "A mistake" in stranger.get("/campaign-1/").text
    campaign.published_at = None
    campaign.save()

    time_machine.move_to(timezone.now() + timedelta(seconds=11))

    assert stranger.get("/campaign-1/").status_code == 410
    assert stranger.get("/campaign-1/").status_code == 410
    assert "A mistake" not in stranger.get("/").text


def test_a_new_text_shows_within_a_minute(client, stranger, time_machine):
    campaign = make_campaign(title="Old words")
    stranger.get("/campaign-1/")
    client.force_login(make_staff(is_superuser=True))
    campaign.title = "New words"
    campaign.save()

    time_machine.move_to(timezone.now() + timedelta(seconds=11))

    assert "New words" in stranger.get("/campaign-1/").text


def test_a_page_asked_for_by_an_unknown_name_is_not_stored(stranger):
    make_campaign()

    refused = stranger.get("/campaign-1/", headers={"host": "evil.example"})
    page = stranger.get("/campaign-1/")

    assert refused.status_code == 400
    assert page.status_code == 200
    assert "evil.example" not in page.text
