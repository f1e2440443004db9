"""The way of a signature, from the form to thanks, and back."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from outbox.models import OutgoingMail
from petitions.models import TallyEntry
from supporters.acts.stopping import stop_url
from supporters.models import (
    Confirmation,
)
from tests.browser.visitor import code_field, heading, make_petition_with_letter
from tests.factories import (
    make_counted,
    make_ended_campaign,
    make_follow,
    make_letter,
    make_petition,
    make_recipients,
    make_update,
)
from tests.factories import sign as make_signature


def page_of(signature, name):
    token = {
        "confirmation": signature.confirmation.link_key,
        "withdrawal": signature.withdrawal_key,
    }[name]
    slug = signature.petition.campaign.slug
    return f"/{slug}/signatures/{token}/{name}/"


def sign_form(page):
    make_petition_with_letter()
    page.goto("/campaign-1/signatures/")


def sign_errors(page):
    sign_form(page)
    page.get_by_label("Email address").fill("ada@nowhere")
    page.get_by_role("button", name="Sign the petition").click()
    expect(page.get_by_role("alert")).to_be_visible()


def sign_name_to_show(page):
    sign_form(page)
    page.get_by_label("Full name").fill("Dr. Weber")
    page.get_by_label("Email address").fill("ada@mail.example")
    page.get_by_label("Country", exact=True).select_option("DE")
    page.get_by_label("Show my name").select_option("first")
    page.get_by_role("button", name="Sign the petition").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the name to show")


def inbox(page):
    page.goto(make_signature(make_petition()).inbox_url)


def inbox_after_resending(page):
    page.goto(f"{make_signature(make_petition()).inbox_url}?again=1")


def inbox_of_a_refused_address(page):
    signature = make_signature(make_petition())
    OutgoingMail.objects.update(outcome="refused", settled_at=timezone.now())
    Confirmation.objects.update(issue=OutgoingMail.objects.get().pk)
    page.goto(signature.inbox_url)


def inbox_with_a_wrong_code(page):
    inbox(page)
    code_field(page).fill("12")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_be_visible()


def held(page):
    page.goto(make_signature(make_petition(), held_for="flood").inbox_url)


def confirmation(page):
    page.goto(page_of(make_signature(make_petition()), "confirmation"))


def expired(page):
    signature = make_signature(make_petition())
    Confirmation.objects.update(created_at=timezone.now() - timedelta(days=8))
    signature.confirmation.refresh_from_db()
    page.goto(page_of(signature, "confirmation"))


def used(page):
    [signature] = make_counted(make_petition())
    page.goto(page_of(signature, "confirmation"))


def denial(page):
    page.goto(make_signature(make_petition()).confirmation.denial_url)


def denied(page):
    denial(page)
    page.get_by_role("button", name="This was not me").click()
    expect(page.get_by_role("button", name="Undo, it was me")).to_be_visible()


def thanks(page):
    petition = make_petition_with_letter()
    TallyEntry.objects.create(petition=petition, country="PT", delta=60)
    page.goto(page_of(make_signature(petition), "confirmation"))
    page.get_by_role("button", name="Yes, count my signature").click()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")


def known_browser(page):
    """The action page where an address was confirmed: one button, filled in forms."""
    thanks(page)
    others = make_recipients(name="Second council")
    make_letter(make_petition().campaign, recipients=others)
    page.goto("/campaign-2/")
    expect(page.get_by_role("button", name="Sign as Ada L.")).to_be_visible()


def sign_form_of_known_browser(page):
    thanks(page)
    make_petition()
    page.goto("/campaign-2/signatures/")


def counted_already(page):
    thanks(page)
    page.goto("/campaign-1/signatures/")
    expect(page.get_by_text("Ada L., you signed on")).to_be_visible()


def next_petition_by_a_forwarded_link(page):
    signature = make_signature(make_petition())
    signature.confirm()
    follow = make_follow(signature.campaign, signature.confirmation.email)
    make_update(follow.campaign, follow_up=make_petition().campaign)
    page.goto(f"/campaign-2/signatures/next/{follow.key}/")


def inbox_with_webmail(page):
    page.goto(make_signature(make_petition(), email="ada@gmail.com").inbox_url)


def withdrawal(page):
    [signature] = make_counted(make_petition())
    page.goto(page_of(signature, "withdrawal"))


def withdrawn(page):
    withdrawal(page)
    page.get_by_role("button", name="Yes, remove my name").click()
    expect(heading(page)).to_have_text("Your name is off the petition")


def nothing_to_withdraw(page):
    make_petition()
    page.goto("/campaign-1/signatures/abc/withdrawal/")


def petition_closed(page):
    make_petition(make_ended_campaign())
    page.goto("/campaign-1/signatures/")


def thanks_stop(page):
    ada = make_signature(make_petition()).confirmation.supporter
    page.goto(stop_url(ada, "signature_thanks", "en"))
    expect(heading(page)).to_have_text("Stop emails called “Thank you for signing”?")


def thanks_stopped(page):
    thanks_stop(page)
    page.get_by_role("button", name="Stop them").click()
    expect(heading(page)).to_have_text("You will get no more of these")


ALL = [
    known_browser,
    sign_form_of_known_browser,
    counted_already,
    next_petition_by_a_forwarded_link,
    inbox_with_webmail,
    denial,
    denied,
    thanks_stop,
    thanks_stopped,
    sign_form,
    sign_errors,
    sign_name_to_show,
    inbox,
    inbox_after_resending,
    inbox_of_a_refused_address,
    inbox_with_a_wrong_code,
    held,
    confirmation,
    expired,
    used,
    thanks,
    withdrawal,
    withdrawn,
    nothing_to_withdraw,
    petition_closed,
]
