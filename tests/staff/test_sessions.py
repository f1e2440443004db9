"""Where staff are signed in, and how that is ended."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from staff.models import SignIn
from tests.factories import make_campaign, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/account/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)


def sign_in(user, agent=FIREFOX, address="203.0.113.77"):
    browser = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    browser.force_login(user)
    browser.get("/admin/")
    return browser


def test_one_sees_where_one_is_signed_in_and_no_whole_address():
    bo = make_staff("bo")
    here = sign_in(bo)
    sign_in(bo, SAFARI, "2001:db8:1:2:3:4:5:6")

    page = here.get(PAGE)

    assert "Firefox, Linux" in page.text
    assert "Safari, iPhone" in page.text
    assert page.text.count("this browser") == 1
    assert page.text.index("this browser") > page.text.index("Firefox, Linux")
    assert "203.0.113.0/24" in page.text
    assert "2001:db8:1:2::/64" in page.text
    stored = str(list(SignIn.objects.values_list("network", "browser")))
    assert "203.0.113.77" not in stored + page.text
    assert "3:4:5:6" not in stored


@pytest.mark.parametrize(
    "agent", ["", "x" * 9000, "<script>alert(1)</script>", "\u202e evil"]
)
def test_a_browser_that_says_anything_is_unknown(agent):
    bo = make_staff("bo")

    page = sign_in(bo, agent.encode("latin-1", "replace").decode("latin-1")).get(PAGE)

    assert "Unknown browser" in page.text


def test_one_other_session_is_ended_and_stays_ended():
    bo = make_staff("bo")
    here, there = sign_in(bo), sign_in(bo, SAFARI)
    third = sign_in(bo)
    row = SignIn.objects.get(browser="Safari, iPhone")

    page = here.post(f"{PAGE}revocation/", {"sign_in": row.pk}, follow=True)
    again = here.post(f"{PAGE}revocation/", {"sign_in": row.pk})

    assert "1 browser is signed out." in page.text
    assert again.status_code == 404
    assert there.get("/admin/").status_code == 302
    assert third.get("/admin/").status_code == 200
    assert here.get("/admin/").status_code == 200


def test_all_the_others_are_ended_at_once():
    bo, cy = make_staff("bo"), make_staff("cy")
    here, others, of_cy = sign_in(bo), [sign_in(bo), sign_in(bo)], sign_in(cy)

    page = here.post(f"{PAGE}revocation/", follow=True)

    assert "2 browsers are signed out." in page.text
    assert [other.get("/admin/").status_code for other in others] == [302, 302]
    assert here.get("/admin/").status_code == 200
    assert of_cy.get("/admin/").status_code == 200
    assert Session.objects.count() == 2


def test_a_new_password_ends_those_of_somebody_else():
    root, cy = make_staff("root", is_superuser=True), make_staff("cy")
    here, there = sign_in(root), sign_in(cy, SAFARI)

    passwords = {"password1": "a long and new one", "password2": "a long and new one"}
    here.post(f"/admin/staff/user/{cy.pk}/password/", passwords)

    assert there.get("/admin/").status_code == 302
    assert here.get("/admin/").status_code == 200


def test_nobody_ends_the_sessions_of_others():
    bo, cy = make_staff("bo", "Campaigners"), make_staff("cy")
    here, there = sign_in(bo), sign_in(cy)
    row = SignIn.objects.get(user=cy)

    answers = [
        here.post(f"{PAGE}revocation/", {"sign_in": row.pk}).status_code,
        here.post(f"{PAGE}revocation/", {"sign_in": "x' OR 1=1"}).status_code,
        here.post(f"{PAGE}revocation/", {"sign_in": "9" * 40}).status_code,
        here.get(f"{PAGE}revocation/").status_code,
    ]

    assert answers == [404, 404, 404, 405]
    assert there.get("/admin/").status_code == 200


def test_last_seen_moves_at_most_once_a_minute(time_machine):
    bo = make_staff("bo")
    moment = timezone.now()
    time_machine.move_to(moment, tick=False)
    here = sign_in(bo)

    time_machine.move_to(moment + timedelta(seconds=30), tick=False)
    here.get("/admin/")
    assert SignIn.objects.get().seen_at == moment

    time_machine.move_to(moment + timedelta(minutes=5), tick=False)
    here.get("/admin/")
    assert SignIn.objects.get().seen_at == moment + timedelta(minutes=5)
    assert SignIn.objects.get().signed_in_at == moment


def test_signing_out_and_the_night_leave_no_row(time_machine):
    bo = make_staff("bo")
    here = sign_in(bo)
    here.post("/admin/logout/")
    assert not SignIn.objects.exists()

    sign_in(bo)
    time_machine.move_to(timezone.now() + timedelta(hours=13))
    call_command("forget")

    assert not SignIn.objects.exists()
    assert not Session.objects.exists()


def test_a_public_page_does_not_ask_who_is_signed_in():
    make_campaign()
    here = sign_in(make_staff("bo"))

    page = here.get("/campaign-1/")

    assert page.status_code == 200
    assert "Cookie" not in page.get("Vary", "")
