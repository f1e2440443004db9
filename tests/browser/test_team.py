"""A team of three, each invited with roles for one campaign or for all."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from staff.models import User
from tests.browser.test_accessible import faults_of
from tests.browser.test_staff import open_list
from tests.browser.visitor import heading
from tests.factories import make_campaign, make_comment, make_petition, make_staff, sign

PASSWORD = "a long and new one"


def invite(page, email, *, roles=(), in_campaign=()):
    """Fill in the form of an invitation; pairs of a role and a campaign are rows."""
    open_list(page, "Settings", "Invitations")
    page.get_by_role("link", name=re.compile("Add invitation", re.I)).first.click()
    page.get_by_label("Email address").fill(email)
    for role in roles:
        page.get_by_role("checkbox", name=re.compile(rf"^{role} ")).check()
    for number, (role, campaign) in enumerate(in_campaign):
        row = page.locator(f"#campaign_roles-{number}")
        row.get_by_label("Role").select_option(role)
        row.get_by_label("Campaign").select_option(campaign)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("We are emailing the invitation")).to_be_visible()


def accept(context, mailbox, name):
    """Open the mailed link in a browser of one's own, and choose a password."""
    page = context.new_page()
    page.goto(mailbox.path_to(r"invitations/[\w-]+"))
    page.get_by_label("Username").fill(name)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("To do")
    return page


@pytest.fixture
def own_browser(browser, browser_context_args):
    """A function that opens a browser of somebody's own."""
    opened = []

    def open_one():
        opened.append(browser.new_context(**browser_context_args))
        return opened[-1]

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def root(page, signed_in):
    signed_in(make_staff("root", is_superuser=True))
    page.goto("/admin/")
    return page


@pytest.mark.release
def test_a_team_of_three_with_roles_by_campaign(root, own_browser, mailbox, work):
    page = root
    council = make_petition(make_campaign(title="Council"))
    school = make_petition(make_campaign(title="School"))
    make_comment(council.campaign, "When is the vote?")
    sign(council, held_for="flood", name="Grace Hopper", email="grace@mail.example")
    sign(school, held_for="flood", name="Ada Lovelace")
    mailbox.clear()

    # Bo runs one campaign.
    invite(page, "bo@mail.example", in_campaign=[("Campaigners", "Council")])
    work()
    bo = accept(own_browser(), mailbox, "bo")
    open_list(bo, "Campaigns")
    expect(bo.get_by_role("link", name="Council")).to_be_visible()
    expect(bo.get_by_text("School")).to_have_count(0)
    assert faults_of(bo) == []
    open_list(bo, "Inbox", "Comments")
    bo.get_by_role("link", name="When is the vote?").click()
    bo.locator("summary", has_text="Answer").click()
    bo.get_by_label("Answer as the campaign").fill("On Monday.")
    bo.get_by_role("button", name="Answer", exact=True).click()
    expect(bo.get_by_text("Answered as the campaign:")).to_be_visible()

    # Cy moderates another one, and sees nothing of Bo's.
    invite(page, "cy@mail.example", in_campaign=[("Moderators", "School")])
    work()
    cy = accept(own_browser(), mailbox, "cy")
    open_list(cy, "Inbox")
    expect(cy.get_by_text("Ada Lovelace").first).to_be_visible()
    expect(cy.get_by_text("Grace Hopper")).to_have_count(0)
    assert faults_of(cy) == []
    cy.get_by_role("checkbox").check()
    cy.get_by_role("button", name="Release").click()
    expect(cy.get_by_text("1 released.")).to_be_visible()
    cy.goto(f"/admin/editor/campaigns/{council.campaign_id}/home/")
    expect(heading(cy)).not_to_contain_text("Council")

    # Di does both, everywhere.
    invite(page, "di@mail.example", roles=["Campaigners", "Moderators"])
    work()
    di = accept(own_browser(), mailbox, "di")
    open_list(di, "Campaigns")
    expect(di.get_by_role("link", name="Council")).to_be_visible()
    expect(di.get_by_role("link", name="School")).to_be_visible()
    open_list(page, "Settings", "All lists")
    page.get_by_role("link", name="What each role may do").click()
    expect(page.get_by_role("region", name="Campaigns", exact=True)).to_be_visible()
    assert faults_of(page) == []

    roles = {
        user.username: [str(role) for role in user.campaign_roles.all()]
        for user in User.objects.exclude(username="root")
    }
    assert roles == {
        "bo": ["Campaigners: Council"],
        "cy": ["Moderators: School"],
        "di": [],
    }
    assert Group.objects.filter(user__username="di").count() == 2
