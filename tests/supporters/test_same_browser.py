"""The browser that sent a form confirms by opening the mailed link, and no other."""

import base64
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from supporters.acts import same_browser
from supporters.models import Confirmation
from tests.answers import new_browser
from tests.factories import make_letter, make_petition, make_staff, release, sign
from tests.hostile.test_mailed_keys import ACTS
from tests.supporters.test_another_address import MODELS

pytestmark = pytest.mark.django_db
BY_ITSELF = ("signature", "comment", "follow")
MODULE = "confirm-by-itself"
ADA = "ada@mail.example"


@pytest.fixture(autouse=True)
def petition():
    petition = make_petition()
    make_letter(petition.campaign)
    return petition


@pytest.fixture
def client():
    return new_browser()


def post(client, kind, email=ADA, **typed):
    path, usual = ACTS[kind]
    more = {"wants_news": "on"} if kind == "comment" else {}
    return client.post(path, {**usual, **more, **typed, "email": email})


def opens_by_itself(client, link):
    """Whether the page of the link confirms, as a browser with scripts would have it.

    What the script posts is posted in any case, as an attacker's script would.
    """
    has_module = MODULE in client.get(link).text
    answer = client.post(link, {"by_itself": "1"})
    token = link.strip("/").split("/")[-2]
    asked = Confirmation.objects.get(pk=Confirmation.in_link(token)[0])
    assert bool(asked.used_at) == has_module == (answer.status_code == 302)
    return has_module


@pytest.fixture(params=BY_ITSELF)
def kind(request):
    return request.param


@pytest.fixture
def link(client, kind, mailbox, work):
    """The mailed link of an act of this kind, which this browser has posted."""
    post(client, kind)
    work()
    return mailbox.path_to("confirmation")


def test_it_confirms_where_the_form_was_sent_once_somebody_sees_the_page(client, link):
    page = client.get(link)

    assert MODULE in page.text
    assert page["Cache-Control"] == "no-store"
    assert not Confirmation.objects.filter(used_at__isnull=False).exists()
    assert client.head(link).status_code == 200
    assert opens_by_itself(client, link)


def test_the_cookie_is_gone_after_use(client, link):
    client.post(link, {"by_itself": "1"})

    assert client.cookies["posted"].value == ""
    assert client.post(link, {"by_itself": "1"}).status_code != 302


def test_the_code_and_the_button_use_it_up_as_well(client, kind, mailbox, work):
    inbox = post(client, kind)["Location"]
    work()

    client.post(f"{inbox}code/", {"code": mailbox.code()})

    assert client.cookies["posted"].value == ""


def test_another_browser_gets_the_button(link):
    other = new_browser()

    assert not opens_by_itself(other, link)
    assert other.post(link).status_code == 302


def test_a_browser_that_has_sent_something_else_gets_the_button(kind, link):
    other = new_browser()
    for each in BY_ITSELF:
        post(other, each, email="bo@mail.example")
    assert other.cookies["posted"].value

    assert not opens_by_itself(other, link)


def test_whoever_typed_somebody_s_address_elsewhere_confirms_nothing(
    client, kind, mailbox, work
):
    """Its owner opens the link, and has sent no form."""
    attacker, owner = client, new_browser()
    post(attacker, kind)
    work()

    assert not opens_by_itself(owner, mailbox.path_to("confirmation"))


def test_who_is_sent_the_page_of_somebody_else_s_form_gets_no_cookie(
    client, kind, mailbox, work
):
    """An attacker types Ada's address, and has her press "Send the email again"."""
    inbox = post(client, kind)["Location"]
    ada = new_browser()

    answer = ada.post(f"{inbox}mail/", {"email": ADA})
    work()

    assert answer["Location"] == f"{inbox}?again=1"
    assert "posted" not in answer.cookies
    assert not opens_by_itself(ada, mailbox.path_to("confirmation"))


def test_another_address_typed_on_somebody_else_s_page_has_its_button(
    client, kind, mailbox, work
):
    """The words are the attacker's, so Ada reads them before she says yes."""
    inbox = post(client, kind, email="bo@mail.example")["Location"]
    ada = new_browser()
    post(ada, kind, text="Mine.", frequency="daily", name="Ada")

    ada.post(f"{inbox}mail/", {"email": ADA})
    work()

    assert not opens_by_itself(ada, mailbox.path_to("confirmation"))


def test_who_has_the_mail_sent_again_confirms_by_opening_it(
    client, kind, mailbox, work
):
    inbox = post(client, kind)["Location"]
    client.post(f"{inbox}mail/", {"email": ADA})
    work()

    assert opens_by_itself(client, mailbox.path_to("confirmation"))


def test_a_letter_keeps_its_button(client, mailbox, work):
    answer = post(client, "letter")
    work()

    assert "posted" not in answer.cookies
    assert not opens_by_itself(client, mailbox.path_to("confirmation"))


def test_after_a_day_there_is_the_button(client, link, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=1, seconds=1))

    assert not opens_by_itself(client, link)


def test_another_form_does_not_make_the_day_longer(client, kind, link, time_machine):
    time_machine.move_to(timezone.now() + timedelta(hours=20))
    post(client, "signature", email="bo@mail.example")
    time_machine.move_to(timezone.now() + timedelta(hours=5))

    assert not opens_by_itself(client, link)


def test_several_forms_of_one_browser_confirm_each_by_its_own_mail(
    client, mailbox, work
):
    links = []
    for kind in BY_ITSELF:
        post(client, kind)
        work()
        links.append(mailbox.path_to("confirmation"))
    before = client.cookies["posted"].value

    assert all(opens_by_itself(client, link) for link in links)
    assert len(before) < 200
    assert client.cookies["posted"].value == ""


def test_only_the_newest_few_are_kept(client, mailbox, work):
    post(client, "signature")
    work()
    first = mailbox.path_to("confirmation")
    for number in range(same_browser.MOST):
        post(client, "signature", email=f"a{number}@mail.example")

    assert len(client.cookies["posted"].value) < 200
    assert not opens_by_itself(client, first)


def test_the_same_form_sent_twice_is_confirmed_by_the_one_mail(client, mailbox, work):
    """A double click: the browser keeps the cookie of the second answer alone."""
    lost = new_browser()
    post(lost, "signature")
    post(client, "signature")
    work()

    assert len(mailbox.messages) == 1
    assert opens_by_itself(client, mailbox.path_to("confirmation"))


def test_another_address_is_confirmed_by_its_own_link(client, kind, mailbox, work):
    inbox = post(client, kind, email="slip@mail.example")["Location"]
    client.post(f"{inbox}mail/", {"email": ADA})
    work()

    assert mailbox.last()["To"] == ADA
    assert opens_by_itself(client, mailbox.path_to("confirmation"))


@pytest.mark.parametrize("cookie", ["", "x", "WzFd:1:x", "é", "a" * 5000])
def test_a_forged_cookie_confirms_nothing(link, cookie):
    other = new_browser()
    other.cookies["posted"] = cookie

    assert not opens_by_itself(other, link)


def test_the_cookie_of_another_purpose_confirms_nothing(client, link):
    client.cookies["supporter"] = client.cookies.pop("posted").value

    assert not opens_by_itself(client, link)


def test_neither_cookie_nor_token_tells_how_many_acts_the_site_has(client):
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE supporters_confirmation_id_seq RESTART 9876543")
    post(client, "signature")
    asked = Confirmation.objects.get()

    cookie = client.cookies["posted"].value
    parts = re.split(r"[.:]", cookie)
    read = [base64.urlsafe_b64decode(f"{part}===") for part in parts]

    assert asked.pk == 9876543
    for text in (cookie, str(read), asked.page_token, asked.link_key, asked.denial_key):
        assert "9876543" not in text
    assert Confirmation.in_page_token(asked.page_token)[0] == asked.pk


def test_a_form_of_another_site_sets_no_cookie_and_confirms_nothing(client, link):
    """So no other site can make somebody's browser hold the cookie of its form."""
    foreign = Client(headers={"sec-fetch-site": "cross-site"})
    answer = post(foreign, "signature")
    assert (answer.status_code, list(answer.cookies)) == (403, [])
    foreign.cookies = client.cookies

    assert foreign.post(link, {"by_itself": "1"}).status_code == 403
    assert not Confirmation.objects.filter(used_at__isnull=False).exists()


def test_what_is_denied_is_not_confirmed_by_opening_its_link(client, link, mailbox):
    client.post(mailbox.path_to("denial"))

    assert MODULE not in client.get(link, follow=True).text
    client.post(link, {"by_itself": "1"})
    assert not Confirmation.objects.filter(used_at__isnull=False).exists()


def test_what_waits_is_confirmed_once_it_is_released(client, mailbox, work):
    post(client, "signature", website="spam")
    [held] = MODELS["signature"].objects.held()
    release(held, make_staff("cy"))
    work()

    assert opens_by_itself(client, mailbox.path_to("confirmation"))


def test_over_https_only_this_host_can_set_it(petition, settings):
    """A sibling domain that is broken into cannot put its cookie in the way."""
    settings.SERVED_OVER_HTTPS = True
    response = same_browser.to_inbox(RequestFactory().get("/"), sign(petition))

    cookie = response.cookies["__Host-posted"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == 24 * 60 * 60
