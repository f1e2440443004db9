"""A browser that has confirmed an address acts for it by one button."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from comments.models import Comment
from pages.page_cache import fresh_page
from petitions.models import Signature
from supporters.models import Consent, Follow, Supporter
from tests.answers import new_browser
from tests.factories import (
    make_comment,
    make_follow,
    make_letter,
    make_petition,
    make_update,
    prove,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed

pytestmark = pytest.mark.django_db
PAGE, SIGN = "/campaign-2/", "/campaign-2/signatures/"
ADA = "ada@mail.example"


@pytest.fixture(autouse=True)
def petition():
    """The petition of another campaign than the one that Ada has signed."""
    cache.clear()
    first = sign(make_petition(), shown_as="no")
    first.confirm()
    petition = make_petition()
    make_letter(petition.campaign)
    return petition


@pytest.fixture
def known():
    """Ada's browser."""
    client = new_browser()
    prove(client, Signature.objects.get())
    return client


@pytest.mark.parametrize("path", [PAGE, SIGN])
def test_one_press_signs_and_counts(known, petition, mailbox, work, path):
    work()
    mailbox.clear()
    assert "Sign as <bdi>Ada L.</bdi></button>" in known.get(path).text

    answer = known.post(SIGN, {"as_known": "1"})
    work()

    signature = petition.signatures.get()
    assert answer.url == "/campaign-2/signatures/thanks/"
    assert signature.counted
    assert (signature.name, signature.city) == ("Ada Lovelace", "London")
    assert mailbox.messages == []
    assert "Thank you, <bdi>Ada Lovelace</bdi>." in known.get(answer.url).text


def test_the_page_says_what_will_show_and_little_of_who_it_is(known):
    page = known.get(SIGN).text

    assert "We know you here as Ada L. (a…@mail.example)." in re.sub(
        "<[^>]+>", "", page
    )
    assert "Your name is not shown, only counted." in page
    assert "Lovelace" not in page
    assert "London" not in page
    assert ADA not in page


def test_a_name_shows_as_its_owner_has_read_it_beside_the_button(known, petition):
    sign(make_petition(), shown_as="first", name="Ada Lovelace").confirm()
    page = known.get(PAGE).text
    line = re.search(r"The page will show: <b><bdi>(.*?)</bdi>", page)[1]

    known.post(SIGN, {"as_known": "1"})

    assert petition.signatures.get().public_name.line == line
    given = petition.signatures.get().confirmation.consents
    assert f"“{line}”" in given.get(kind="shown name").words


def test_who_is_counted_is_told_so_and_led_on(known):
    known.post(SIGN, {"as_known": "1"})

    page = known.get(PAGE).text

    assert "<b><bdi>Ada L.</bdi></b>, you signed on" in page
    assert "Sign as" not in page
    assert 'href="/campaign-2/signatures/thanks/">See my next steps' in page
    known.post(SIGN, {"as_known": "1"})
    assert Signature.objects.counted().count() == 2


@pytest.mark.parametrize(
    "path", ["/campaign-2/count/", "/campaign-2/signatures/newest/"]
)
def test_who_is_counted_is_not_asked_to_sign_beside_the_count(known, path):
    assert "Add your name</a>" in known.get(path).text
    known.post(SIGN, {"as_known": "1"})

    page = known.get(path)

    assert "Add your name" not in page.text
    assert "and your name counts." in page.text
    assert page["Cache-Control"] == "private, no-store"
    assert "Add your name</a>" in new_browser().get(path).text


def test_nobody_is_asked_for_what_they_have_done(known, petition):
    """Neither by the card, nor by the bar of a phone, nor beside the letter."""
    stranger = new_browser()

    def asked_in(page):
        bar = page.partition('class="action-bar"')[2].partition("</nav>")[0]
        offered = re.findall(r"<a[^>]*>([^<]+)</a>", bar)
        titles = re.findall(r'class="step-title">(?:<span.*?</span> )?(.*?)<', page)
        [letter] = re.findall(r'id="letter-title">(.*?)<', page)
        return offered, titles, letter

    everybody = asked_in(stranger.get(PAGE).text)
    assert everybody == (
        ["Sign", "Send letter"],
        ["Sign the petition", "Send the letter"],
        "Call for Action: send the letter",
    )
    assert asked_in(known.get(PAGE).text) == everybody

    known.post(SIGN, {"as_known": "1"})
    assert asked_in(known.get(PAGE).text) == (
        ["Send letter", "Ask a friend"],
        ["You signed", "Send the letter"],
        "Call for Action: send the letter",
    )

    letter = confirmed(petition.campaign.letter, email=ADA)
    page = known.get(PAGE).text
    assert asked_in(page) == (
        ["Ask a friend"],
        ["You signed", "You wrote the letter"],
        "You wrote the letter",
    )
    assert page.count(f'href="{letter.done_url}"') == 2
    cache.clear()
    assert asked_in(stranger.get(PAGE).text) == everybody


def test_the_receipt_of_a_letter_promises_an_email_only_where_one_comes(
    known, petition
):
    letter = confirmed(petition.campaign.letter, email=ADA)
    by_mail = "after you have confirmed it with the button or the code in our email."
    at_once = "So we count your name as soon as you sign."

    here, elsewhere = (
        browser.get(letter.done_url).text for browser in (known, new_browser())
    )

    assert at_once in here
    assert by_mail not in here
    assert by_mail in elsewhere
    assert at_once not in elsewhere


def test_following_takes_one_button(known, petition, mailbox, work):
    assert 'To <b class="in-one-piece">a…@mail.example</b>' in known.get(PAGE).text

    answer = known.post("/campaign-2/follows/", {"as_known": "1", "frequency": "daily"})
    work()

    followed = Follow.objects.active().get()
    assert (followed.campaign, followed.supporter.email) == (petition.campaign, ADA)
    assert answer.url.endswith("/thanks/")
    assert not any("Code" in mail["Subject"] for mail in mailbox.messages)


def test_a_comment_asks_for_no_address(known, petition):
    page = known.get(PAGE).text
    form = page.partition('class="comment-form"')[2].partition("</form>")[0]
    assert 'name="email"' not in form
    assert 'value="Ada Lovelace"' in form

    known.post(
        "/campaign-2/comments/",
        {"as_known": "1", "name": "Ada L.", "text": "I was there and saw them."},
    )

    comment = Comment.objects.get()
    assert comment.confirmation.email == ADA
    assert comment.confirmation.used_at


def test_an_answer_asks_for_no_address_either(known, petition):
    comment = make_comment(petition.campaign)
    path = f"/campaign-2/comments/{comment.pk}/reply/"
    everybodys = new_browser().get(path)
    answer = known.get(path)
    form = answer.text.partition('class="comment-form"')[2].partition("</form>")[0]

    assert 'name="email"' not in form
    assert 'value="Ada Lovelace"' in form
    assert f'name="to" value="{path}"' in form
    assert answer["Cache-Control"] == "private, no-store"
    assert 'name="email"' in everybodys.text
    assert everybodys["Cache-Control"].startswith("public")
    assert "Ada Lovelace" not in new_browser().get(path).text

    known.post(
        "/campaign-2/comments/",
        {"as_known": "1", "name": "Ada", "text": "I saw it.", "parent": comment.pk},
    )
    assert comment.replies.get().confirmation.email == ADA


def test_the_letter_on_the_page_is_filled_in(known):
    page = known.get(PAGE).text
    composer = page.partition("<letter-composer")[2].partition("</letter-composer>")[0]

    assert 'value="Ada Lovelace"' in composer
    assert f"You have already confirmed {ADA}." in composer


def test_who_has_not_signed_yet_gets_the_form_with_what_is_known():
    bo = new_browser()
    act = write_comment(make_petition().campaign, name="Bo Li", email="bo@mail.example")
    act.confirm()
    prove(bo, act)

    page = bo.get(SIGN).text
    assert 'value="Bo Li"' in page
    assert 'value="bo@mail.example"' in page
    assert "You have already confirmed this email address." in page
    assert '<input type="hidden" name="filled_in" value="1">' in page
    answer = bo.post(
        SIGN,
        {
            "name": "Bo Li",
            "email": "bo@mail.example",
            "country": "KR",
            "filled_in": "1",
        },
    )
    assert answer.url == "/campaign-2/signatures/thanks/"
    assert "If you enter another one" in Consent.objects.latest("pk").words


def test_somebody_else_in_this_browser_is_asked_by_mail(known, petition, work, mailbox):
    answer = known.post(
        SIGN,
        {"name": "Bo", "email": "bo@mail.example", "city": "", "country": "KR"},
    )
    work()

    assert answer.url == petition.signatures.get().inbox_url
    assert not petition.signatures.counted().exists()
    assert mailbox.last()["To"] == "bo@mail.example"


def test_not_you_forgets_the_browser_and_leads_back(known):
    page = known.get(PAGE).text
    assert (
        page.count('formaction="/mine/browser/">Not you? Use another email address')
        == 4
    )

    answer = known.post("/mine/browser/", {"to": PAGE, "as_known": "1"})

    assert answer.url == PAGE
    assert known.cookies["supporter"].value == ""
    assert "Sign as" not in known.get(PAGE).text
    assert known.post(SIGN, {"as_known": "1"}).status_code == 422


@pytest.mark.parametrize(
    "to",
    [
        "",
        "https://other.example/",
        "//other.example/",
        "javascript:alert(1)",
        "/\\x.example",
    ],
)
def test_it_leads_nowhere_else(known, to):
    assert known.post("/mine/browser/", {"to": to}).url == "/"


def test_a_browser_is_remembered_for_longer_if_its_owner_says_so(known):
    thanks = "/campaign-1/signatures/thanks/"
    assert "Remember me here for 30 days" in known.get(thanks).text

    answer = known.post("/mine/browser/", {"to": thanks, "own_device": "on"})

    assert answer.cookies["supporter"]["max-age"] == 30 * 24 * 60 * 60
    assert "Remember me here" not in known.get(answer.url).text
    assert "Remember me here" not in new_browser().get(thanks).text
    assert not new_browser().post("/mine/browser/", {"own_device": "on"}).cookies


def test_another_site_neither_forgets_nor_signs(known, petition):
    foreign = Client(headers={"sec-fetch-site": "cross-site"})
    foreign.cookies = known.cookies

    for path in ("/mine/browser/", SIGN, "/campaign-2/follows/"):
        answer = foreign.post(path, {"as_known": "1", "frequency": "daily"})
        assert (answer.status_code, list(answer.cookies)) == (403, [])
    assert not petition.signatures.exists()


def test_what_a_known_reader_gets_is_cached_nowhere(known):
    stranger = new_browser()
    before = known.get(PAGE)
    public = stranger.get(PAGE)
    after = known.get(PAGE)

    for page in (before, after):
        assert "Sign as <bdi>Ada L." in page.text
        assert page["Cache-Control"] == "private, no-store"
        assert "ETag" not in page
    for page in (public, stranger.get(PAGE)):
        assert "Ada" not in page.text
        assert page["Cache-Control"].startswith("public")
        assert page["Vary"] == "Accept-Encoding"
    request = RequestFactory().get(PAGE)
    assert fresh_page(request) is not None
    request.COOKIES["supporter"] = known.cookies["supporter"].value
    assert fresh_page(request) is None
    pages_without_forms = RequestFactory().get("/cookies/")
    stranger.get("/cookies/")
    pages_without_forms.COOKIES["supporter"] = known.cookies["supporter"].value
    assert fresh_page(pages_without_forms) is not None


def test_whoever_makes_up_a_cookie_gets_the_cached_page(known):
    """Otherwise anybody could have each page rendered anew."""
    new_browser().get(PAGE)

    own = known.cookies["supporter"].value
    changed = own[:-20] + ("A" if own[-20] != "A" else "B") + own[-19:]
    for value in ("x", changed, "a" * 4000):
        request = RequestFactory().get(PAGE)
        request.COOKIES["supporter"] = value
        assert fresh_page(request) is not None


def test_a_browser_that_was_forgotten_elsewhere_gets_the_page_as_everybody_does(known):
    Supporter.objects.get(email=ADA).forget_browsers()

    page = known.get(PAGE)

    assert "Ada" not in page.text
    assert page["Cache-Control"].startswith("public")


def test_a_forwarded_link_shows_nothing_of_whom_it_was_sent_to(petition, known):
    follows = make_follow(Signature.objects.get().campaign, ADA)
    make_update(follows.campaign, follow_up=petition.campaign)
    path = f"{SIGN}next/{follows.next_key}/"
    other = new_browser()

    page = other.get(path).text
    for word in ("Ada", "Lovelace", "London", ADA, "a…@"):
        assert word not in page
    answer = other.post(path, {"as_known": "1"})

    assert not answer.cookies
    signature = petition.signatures.get()
    assert (signature.counted, signature.shown_as) == (True, "no")
    assert "Ada" not in other.get(answer.url).text
    assert 'value="Ada Lovelace"' in known.get(path).text


@pytest.mark.parametrize("more", [{"country": "XX"}, {"name": ""}, {"city": "x" * 200}])
@pytest.mark.parametrize("is_paused", [False, True])
def test_whoever_has_the_link_gets_nothing_of_its_owner_by_a_fault(
    petition, more, is_paused
):
    follows = make_follow(Signature.objects.get().campaign, ADA)
    make_update(follows.campaign, follow_up=petition.campaign)
    if is_paused:
        petition.pause()
    other = new_browser()

    answer = other.post(f"{SIGN}next/{follows.next_key}/", {"as_known": "1", **more})

    shown = answer.text + other.get(answer.get("Location", PAGE)).text
    assert not any(word in shown for word in ("Ada", "Lovelace", "London", ADA))


def test_whoever_has_the_link_cannot_have_its_owners_name_shown(petition):
    follows = make_follow(Signature.objects.get().campaign, ADA)
    make_update(follows.campaign, follow_up=petition.campaign)

    new_browser().post(
        f"{SIGN}next/{follows.next_key}/", {"as_known": "1", "shown_as": "full"}
    )

    assert not petition.signatures.get().shows_name


def test_while_rendering_fails_a_known_browser_gets_the_page_of_everybody(
    known, monkeypatch
):
    public = new_browser().get(PAGE).text
    monkeypatch.setattr("campaigns.views.render", lambda *_given, **_more: 1 / 0)
    known.raise_request_exception = False

    assert known.get(PAGE).text == public


def test_my_page_opens_by_one_button_and_asks_for_no_address(known, mailbox, work):
    page = known.get("/mine/").text
    assert "a…@mail.example" in page
    assert ADA not in page
    assert 'name="email"' not in page

    opened = known.post("/mine/", {"as_known": "1"}, follow=True)
    work()

    assert f"Here is what we store for <strong>{ADA}</strong>" in opened.text
    assert "The link to your page" not in [m["Subject"] for m in mailbox.messages]
    assert "Email me the link</button>" in new_browser().get("/mine/").text
    forgotten = new_browser().post("/mine/", {"as_known": "1"})
    assert forgotten.status_code == 422
    assert 'name="email"' in forgotten.text


def test_the_page_after_a_comment_leads_to_it_without_an_address(known):
    words = {"as_known": "1", "name": "Ada", "text": "Please."}
    posted = known.post("/campaign-2/comments/", words, follow=True)
    comment = Comment.objects.get()

    assert 'name="email"' not in posted.text
    assert "Change it</a>" in posted.text
    assert 'Open <a href="/mine/">your page</a> at any time.' in posted.text
    assert "Open it here now" not in posted.text
    # The changing is offered there for some minutes; after that, its own page.
    comment.created_at -= timedelta(hours=1)
    comment.save()
    later = known.get(comment.inbox_url).text
    assert "Change it</a>" not in later
    assert f'href="{comment.writer_url}">Open my comment</a>' in later
    assert comment.writer_url not in new_browser().get(comment.inbox_url).text


def test_the_letter_says_what_the_button_does_and_asks_for_no_second_yes(known):
    asked, sent = (
        "we will ask you to confirm it.",
        "We send your letter as soon as you press",
    )

    page, public = [b.get("/campaign-2/letter/").text for b in (known, new_browser())]

    assert (asked in page, sent in page) == (False, True)
    assert (asked in public, sent in public) == (True, False)
