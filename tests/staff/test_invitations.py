"""Somebody is invited by email, sets a name and a password, and works here."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from database import retention
from outbox.models import OutgoingMail
from staff.models import AuditEntry, Invitation, User
from tests.factories import make_campaign, make_staff
from tests.hostile import MARKUP, URLENCODED, VALUES, urlencoded
from tests.staff.forms import run_action

pytestmark = pytest.mark.django_db
LIST = "/admin/staff/invitation/"
CY = {
    "username": "cy",
    "first_name": "Cy",
    "last_name": "",
    "password1": "a long and new one",
    "password2": "a long and new one",
}


@pytest.fixture
def root(client):
    root = make_staff("root", is_superuser=True, email="root@group.example")
    client.force_login(root)
    return root


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def invite(client, email="cy@mail.example", groups=("Moderators",), **more):
    return client.post(f"{LIST}add/", form_of(email, groups, **more))


def form_of(email, groups, in_campaigns=(), **more):
    """The form: roles for all campaigns, and pairs of a role and a campaign."""
    fields = {
        "email": email,
        "groups": [Group.objects.get(name=name).pk for name in groups],
        "campaign_roles-TOTAL_FORMS": len(in_campaigns),
        "campaign_roles-INITIAL_FORMS": 0,
    }
    for number, (name, campaign) in enumerate(in_campaigns):
        group = Group.objects.get(name=name)
        fields[f"campaign_roles-{number}-group"] = group.pk
        fields[f"campaign_roles-{number}-campaign"] = campaign.pk
    return fields | more


@pytest.fixture
def link(client, root, mailbox, work):
    assert invite(client).status_code == 302
    work()
    return mailbox.path_to(r"invitations/[\w-]+")


def is_in(visitor):
    return SESSION_KEY in visitor.session


def test_an_invitation_makes_one_account_in_its_group(visitor, link, mailbox, settings):
    settings.STAFF_MFA = "required"
    mail = mailbox.last()
    assert mail["To"] == "cy@mail.example"
    assert "You are invited to work on the site" in mailbox.text()
    assert "root" not in mailbox.text()
    key = link.split("/")[-2]
    assert key not in str(Invitation.objects.values().get())

    assert "<li>Moderators</li>" in visitor.get(link).text
    assert not User.objects.filter(username="cy").exists()
    answer = visitor.post(link, CY)

    cy = User.objects.get(username="cy")
    assert (cy.email, cy.is_staff, cy.is_superuser) == (
        "cy@mail.example",
        True,
        False,
    )
    assert [group.name for group in cy.groups.all()] == ["Moderators"]
    assert cy.check_password(CY["password1"])
    assert answer.url == "/admin/"
    assert visitor.get("/admin/").url == "/admin/account/second-factor/"
    assert AuditEntry.objects.filter(by=cy, action="accept").count() == 1
    # Once.
    again = Client().post(link, {**CY, "username": "eve"})
    assert again.status_code == 410
    assert User.objects.count() == 2


def test_an_invitation_gives_several_roles_each_for_all_campaigns_or_for_one(
    client, root, visitor, mailbox, work
):
    one, two = make_campaign(title="One"), make_campaign(title="Two")
    in_campaigns = [("Campaigners", one), ("Campaigners", two)]

    invite(client, in_campaigns=in_campaigns)
    work()
    said = " ".join(mailbox.text().split())
    visitor.post(mailbox.path_to(r"invitations/[\w-]+"), CY)

    assert "Moderators; Campaigners, for “One”; Campaigners, for “Two”." in said
    cy = User.objects.get(username="cy")
    assert [group.name for group in cy.groups.all()] == ["Moderators"]
    assert [str(role) for role in cy.campaign_roles.all()] == [
        "Campaigners: One",
        "Campaigners: Two",
    ]
    assert not Invitation.objects.get().campaign_roles.exists()


@pytest.mark.usefixtures("root")
def test_the_same_role_twice_is_said_and_nothing_is_sent(client):
    one = make_campaign(title="One")

    answer = invite(client, groups=(), in_campaigns=[("Campaigners", one)] * 2)

    assert answer.status_code == 200
    assert "duplicate" in answer.text
    assert not Invitation.objects.exists()


@pytest.mark.usefixtures("root")
def test_an_invitation_gives_one_role_at_least(client):
    page = invite(client, groups=[])

    said = "Choose at least one role, for all campaigns or for one."
    # It stands where the choices begin.
    assert page.text.count(said) == 1
    assert said in page.text.partition("field-groups")[2].partition("</ul>")[0]
    assert 'value="cy@mail.example"' in page.text
    assert not Invitation.objects.exists()


def test_an_administrator_invites_an_administrator(
    client, root, visitor, mailbox, work
):
    invite(client, groups=[], is_administrator="on")
    work()
    visitor.post(mailbox.path_to(r"invitations/[\w-]+"), CY)

    assert "Your role: Administrator." in " ".join(mailbox.text().split())
    assert User.objects.get(username="cy").is_superuser


def test_who_is_no_administrator_any_more_has_made_no_other(
    client, root, visitor, mailbox, work
):
    invite(client, groups=[], is_administrator="on")
    work()
    link = mailbox.path_to(r"invitations/[\w-]+")
    User.objects.filter(pk=root.pk).update(is_superuser=False)
    root.user_permissions.set(Permission.objects.all())

    assert visitor.post(link, CY).status_code == 410
    assert not User.objects.filter(username="cy").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"asked_at": timezone.now() - timedelta(days=7, minutes=1)},
        {"accepted_at": timezone.now()},
        {"mail_key": "another"},
    ],
    ids=["revoked", "old", "accepted", "sent again"],
)
def test_what_is_over_opens_nothing(visitor, link, change):
    Invitation.objects.update(**change)

    for answer in (visitor.get(link), visitor.post(link, CY)):
        assert answer.status_code == 410
        assert "This invitation no longer works" in answer.text
    assert not is_in(visitor)
    assert not User.objects.filter(username="cy").exists()


def test_who_has_left_invites_nobody(visitor, link, root):
    User.objects.filter(pk=root.pk).update(is_active=False)

    assert visitor.post(link, CY).status_code == 410


def test_who_lost_the_rights_gives_them_to_nobody(visitor, link, root):
    User.objects.filter(pk=root.pk).update(is_superuser=False)

    assert visitor.post(link, CY).status_code == 410
    assert not User.objects.filter(username="cy").exists()


def test_a_mail_service_that_was_away_costs_no_try(link, mailbox, work):
    [row] = Invitation.objects.all()
    row.mail_later()
    mailbox.clear()
    mailbox.refuse(row.email, "451 4.3.0 later")
    for _ in range(4):
        work()
        OutgoingMail.objects.open().get().due_now()
    mailbox.clear()

    work()

    assert "cy@mail.example" in mailbox.last()["To"]


def test_a_mail_that_must_wait_ends_no_link_that_was_mailed(
    client, root, mailbox, work, visitor
):
    """The answer to a mail was lost, so that it is sent again; but not now."""
    invite(client)
    work()
    link = mailbox.path_to(r"invitations/[\w-]+")
    [row] = Invitation.objects.all()
    OutgoingMail.objects.queue("invitation", row.pk, row.email)
    mailbox.refuse(row.email, "451 4.3.0 later")
    work()

    assert visitor.get(link).status_code == 200


@pytest.mark.usefixtures("root")
def test_sent_again_while_its_mail_leaves_it_is_mailed_once_more(
    client, mailbox, work, visitor, monkeypatch
):
    """Else it would have a link that has ended, and no mail would be on its way."""
    note_mailed, again = Invitation.note_mailed, [1]

    def sent_again_first(self, key):
        if again:
            again.pop()
            Invitation.objects.get(pk=self.pk).mail_later()
        return note_mailed(self, key)

    monkeypatch.setattr(Invitation, "note_mailed", sent_again_first)
    invite(client)
    work()

    texts = [m.get_body(("plain",)).get_content() for m in mailbox.messages]
    first, second = (
        re.search(r"/admin/account/invitations/[\w-]+/", text)[0] for text in texts
    )
    assert visitor.get(first).status_code == 410
    assert visitor.get(second).status_code == 200
    assert Invitation.objects.get().mailed_at


def test_who_is_not_to_come_any_more_is_not_let_in(client, visitor, link):
    assert "emailed" in client.get(LIST).text

    page = run_action(client, LIST, "revoke", Invitation.objects.get())

    assert "1 invitation revoked." in page.text
    assert "revoked" in page.text
    assert visitor.get(link).status_code == 410


@pytest.mark.parametrize(
    ("button", "leads_to"), [("_save", LIST), ("_addanother", f"{LIST}add/")]
)
def test_what_was_sent_is_said_once(client, root, button, leads_to):
    answer = invite(client, **{button: ""})

    assert answer.url == leads_to
    page = client.get(answer.url)
    assert [str(said) for said in page.context["messages"]] == [
        "We are emailing the invitation to cy@mail.example."
    ]


def test_a_new_invitation_ends_the_older_ones_to_the_address(client, link, visitor):
    invite(client, email="CY@mail.example", groups=["Campaigners"])

    assert visitor.get(link).status_code == 410
    open_one = Invitation.objects.open().get()
    assert open_one.email == "cy@mail.example"
    assert open_one.roles_in_words == ["Campaigners"]


def test_who_works_here_already_is_not_invited(client, root, link, visitor):
    assert "already works here" in invite(client, email="Root@group.example").text
    make_staff("other", email="cy@mail.example")
    assert visitor.post(link, CY).status_code == 410


def test_nobody_gives_more_than_they_hold(client, root):
    bo = make_staff("bo", "Moderators")
    client.force_login(bo)
    assert client.get(LIST).status_code == 403
    assert invite(client).status_code == 403

    may = Permission.objects.filter(codename__in=["add_invitation", "view_invitation"])
    bo.user_permissions.add(*may)
    page = client.get(f"{LIST}add/").text
    of_groups = re.findall(r'name="groups"[^>]*>\s*(\w+)', page)
    assert of_groups == ["Moderators"]
    assert "is_administrator" not in page
    more = invite(client, groups=["Campaigners"], is_administrator="on")
    assert "from the list" in more.text
    one = make_campaign()
    in_one = invite(client, groups=[], in_campaigns=[("Campaigners", one)])
    assert "from the list" in in_one.text
    assert invite(client).status_code == 302
    assert not Invitation.objects.exclude(invited_by=bo).exists()

    # Nor does an invitation that somebody else has made become theirs.
    [row] = Invitation.objects.all()
    bo = User.objects.get(pk=bo.pk)
    assert row.may_be_given_by(bo)
    campaigners = Group.objects.get(name="Campaigners")
    for give in (
        lambda: row.groups.set([campaigners]),
        lambda: row.campaign_roles.create(group=campaigners, campaign=one),
        lambda: Invitation.objects.update(is_administrator=True),
    ):
        row.groups.clear()
        row.campaign_roles.all().delete()
        give()
        row.refresh_from_db()
        assert not row.may_be_given_by(bo)
    assert client.post(f"{LIST}{row.pk}/change/", {"groups": "1"}).status_code == 403


@pytest.mark.parametrize("field", CY)
def test_anything_typed_lets_nobody_in_by_halves(visitor, link, field):
    for value in VALUES.values():
        body = urlencoded({**CY, field: value})
        answer = visitor.generic("POST", link, body, URLENCODED)
        assert answer.status_code in (200, 302, 400, 413)
        assert MARKUP not in answer.text
        assert is_in(visitor) is (answer.status_code == 302)
        if answer.status_code == 302:
            return  # a name may hold nearly anything
    assert not User.objects.filter(email="cy@mail.example").exists()


def test_bad_choices_are_said_and_kept(visitor, link):
    make_staff("CY")

    page = visitor.post(link, {**CY, "password2": "another"})

    assert page.status_code == 200
    assert "Somebody has this username already." in page.text
    assert 'value="Cy"' in page.text
    assert CY["password1"] not in page.text
    page = visitor.post(
        link, {**CY, "username": "c", "password1": "1", "password2": "1"}
    )
    assert "too short" in page.text


def test_a_link_opened_by_who_is_signed_in_makes_nothing(client, link):
    page = client.post(link, CY)

    assert "You are signed in as root" in page.text
    assert not User.objects.filter(username="cy").exists()


def test_keys_cannot_be_guessed_for_ever(visitor, settings):
    settings.LIMIT_SIGN_INS = 2
    path = "/admin/account/invitations/guess/"

    assert [visitor.post(path).status_code for _ in range(3)] == [410, 410, 429]


def test_nobodys_inbox_is_filled_with_invitations(client, root, mailbox, work):
    for _ in range(5):
        invite(client)
        work()

    assert len(mailbox.messages) == 3


def test_old_invitations_are_forgotten(link):
    outdated = retention.rule("invitations")
    assert outdated.due() == 0
    Invitation.objects.update(asked_at=timezone.now() - timedelta(days=31))
    assert outdated.due() == 1
