"""Pages of staff."""

from django.contrib.auth.models import Group
from playwright.sync_api import expect

from staff.models import Invitation
from tests.browser.conftest import let_in
from tests.browser.visitor import heading
from tests.factories import (
    make_counted,
    make_petition,
    make_staff,
    make_update,
    sign,
)


def signed_in(page, path="/admin/"):
    """A page of the desk, as an administrator sees it."""
    let_in(
        page.context, make_staff("root", is_superuser=True, email="root@group.example")
    )
    page.goto(path)


def first_steps(page):
    signed_in(page)
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()


def home_of_a_campaign(page):
    petition = make_petition(title="Rindfleischetikettierung" * 5)
    make_counted(petition, 3)
    sign(petition, email="held@mail.example", held_for="flood")
    make_update(petition.campaign, "An update with a rather long title" * 3)
    signed_in(page, f"/admin/editor/campaigns/{petition.campaign.pk}/home/")
    expect(page.get_by_role("heading", name="Day by day")).to_be_visible()
    yield "home"
    page.goto("/admin/campaigns/campaign/")
    expect(heading(page)).to_have_text("Campaigns")
    yield "list"
    page.goto("/admin/advanced/")
    expect(heading(page)).to_have_text("All lists")
    yield "all lists"
    page.goto("/admin/auth/group/add/")
    expect(page.get_by_role("button", name="Choose all permissions")).to_be_visible()
    yield "a role"


def guided_form(page):
    signed_in(page, "/admin/editor/campaigns/new/")
    page.get_by_label("Title", exact=True).first.fill("Save the foxes")
    page.locator("#id_letter-lines").fill("mayor@")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("We have not saved it yet.")).to_be_visible()


def invitations(page):
    signed_in(page, "/admin/staff/invitation/add/")
    Group.objects.get_or_create(name="Moderators")
    page.reload()
    page.get_by_label("Email address").fill("cy@mail.example")
    page.get_by_label("Moderators").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("We are emailing the invitation")).to_be_visible()


def invitation(page):
    bo = make_staff("bo")
    group, _made = Group.objects.get_or_create(name="Moderators")
    invited = Invitation.objects.create(
        email="cy@x.example", invited_by=bo, mail_key="abc"
    )
    invited.groups.add(group)
    page.goto("/admin/account/invitations/abc/")
    expect(page.get_by_role("button", name="Create my account")).to_be_visible()


def invitation_over(page):
    page.goto("/admin/account/invitations/abc/")


ALL = [
    first_steps,
    home_of_a_campaign,
    guided_form,
    invitations,
    invitation,
    invitation_over,
]
