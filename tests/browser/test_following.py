"""Follow, confirm, get an update, stop."""

import pytest
from playwright.sync_api import expect

from supporters.models import Follow, Mailing
from tests.browser.visitor import (
    code_field,
    heading,
    in_two_browsers,
    open_mail,
    unfold,
)
from tests.factories import make_petition, make_picture, make_update


@pytest.fixture(autouse=True)
def quick(settings):
    settings.MAILS_A_MINUTE = 10**6


@in_two_browsers
def test_a_follower_confirms_gets_an_update_and_stops_it(page, mailbox, work):
    campaign = make_petition().campaign
    page.goto("/campaign-1/")
    unfold(page, "Get the news by email")
    form = page.get_by_role("region", name="Follow this campaign")
    form.get_by_label("Email address").fill("ada@mail.example")
    form.get_by_role("button", name="Follow").click()
    expect(heading(page)).to_have_text("Now check your email")

    work()
    tab = open_mail(page, mailbox)
    tab.get_by_role("link", name="Open the page to confirm").click()
    expect(heading(tab)).to_have_text("Do you want our updates?")
    tab.get_by_role("button", name="Yes, send me updates").click()
    expect(heading(tab)).to_have_text("You follow this campaign")

    mailing = Mailing.objects.send(make_update(campaign, **make_picture()), by=None)
    work()
    tab = open_mail(page, mailbox)
    expect(heading(tab)).to_have_text("The Mayor answers")
    picture = tab.get_by_role("img", name="A teal wall")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") == 800
    tab.get_by_role("link", name="Read it on the page").click()
    expect(heading(tab)).to_have_text("The Mayor answers")

    tab = open_mail(page, mailbox)
    tab.get_by_role("link", name="Unsubscribe").click()
    expect(heading(tab)).to_have_text("Stop these email updates?")
    assert Follow.objects.active().count() == 1
    tab.get_by_role("button", name="Stop them").click()
    expect(heading(tab)).to_contain_text("You get no more email updates")

    assert not Follow.objects.active().exists()
    assert mailing.numbers()["sent"] == 1


def test_a_follower_of_all_campaigns_uses_the_code_and_gets_fewer_mails(
    page, mailbox, work
):
    make_petition()
    page.goto("/")
    form = page.get_by_role("region", name="Get the news")
    form.get_by_label("Email address").fill("ada@mail.example")
    form.get_by_label("How often").select_option("Once a day")
    form.get_by_role("button", name="Follow").click()
    expect(heading(page)).to_have_text("Now check your email")
    work()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_have_text("You follow all campaigns")

    page.get_by_role("link", name="Change how often, or stop").click()
    page.get_by_label("How often", exact=True).select_option("Once a week")
    page.get_by_role("button", name="Change").click()

    expect(page.get_by_role("status")).to_have_text("You get updates: once a week.")
    assert [f.frequency for f in Follow.objects.active()] == ["weekly"]
