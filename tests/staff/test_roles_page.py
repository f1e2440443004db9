"""The page that says what each role may do, and what campaigners may do to comments."""

import re

import pytest
from django.contrib.auth.models import Group

from campaign_site.permissions import GROUPS, IN_SHORT
from campaigns.models import CampaignRole
from comments.models import Comment
from staff.accounts.roles import NAMES
from staff.models import User
from tests.factories import (
    make_campaign,
    make_comment,
    make_staff,
    make_staff_who,
    write_comment,
)

pytestmark = pytest.mark.django_db


def words(text):
    """The text of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_it_says_of_each_kind_what_each_role_may_do(client):
    client.force_login(make_staff("root", is_superuser=True))

    page = client.get("/admin/roles/")

    rows = re.findall(r"(?s)<tr><th scope=\"row\">(.*?)</tr>", page.text)
    said = [words(row) for row in rows]
    given = {label for models in GROUPS.values() for label in models}
    assert len(said) == len(given)
    assert "Campaigns see, add, change, delete see" in said
    assert "Comments see see, change" in said
    assert (
        "Block list entries only in a role for all campaigns – see, add, change, delete"
    ) in said
    assert "Reports see, change see, change" in said


def test_it_is_for_who_manages_accounts_and_nobody_else(client):
    assert client.get("/admin/roles/").status_code == 302
    in_one = make_staff("di")
    group = Group.objects.get(name="Campaigners")
    CampaignRole.objects.create(user=in_one, group=group, campaign=make_campaign())
    others = [in_one, make_staff("bo", "Campaigners"), make_staff("cy", "Moderators")]
    for user in others:
        client.force_login(user)
        assert client.get("/admin/roles/").status_code == 403
        assert "/admin/roles/" not in client.get("/admin/advanced/").text

    for user in make_staff("root", is_superuser=True), make_staff_who("add_invitation"):
        client.force_login(user)
        assert client.get("/admin/roles/").status_code == 200
        assert "/admin/roles/" in client.get("/admin/advanced/").text


def test_an_invitation_says_of_each_role_what_it_may_do(client):
    client.force_login(make_staff("root", is_superuser=True))
    assert set(IN_SHORT) == set(GROUPS)

    form = client.get("/admin/staff/invitation/add/").text
    page = client.get("/admin/roles/").text

    for role, said in IN_SHORT.items():
        assert f'{role} <span class="role-words">{said}</span></label>' in form
        assert f"<dt>{role}</dt><dd>{said}</dd>" in page


def test_staff_read_the_name_of_a_role_in_their_language(client):
    assert set(NAMES) == set(GROUPS)
    root = make_staff("root", "Campaigners", is_superuser=True)
    User.objects.filter(pk=root.pk).update(language="ko")
    client.force_login(root)
    addresses = [
        "/admin/roles/",
        "/admin/staff/user/",
        f"/admin/staff/user/{root.pk}/change/",
        "/admin/staff/invitation/add/",
        "/admin/auth/group/",
    ]

    for address in addresses:
        page = words(client.get(address).text)
        assert "캠페인 담당자" in page, address
        assert not set(GROUPS) & set(re.findall(r"\w+", page)), address


def decide(client, comment, name, **fields):
    path = f"/admin/comments/comment/desk/{comment.pk}/decisions/"
    return client.post(path, {"decision": name, "seen": comment.version, **fields})


def test_campaigners_answer_as_the_campaign_and_pin(client):
    comment = make_comment(make_campaign(), "When is the vote?")
    client.force_login(make_staff("bo", "Campaigners"))

    page = client.get(f"/admin/comments/comment/desk/{comment.pk}/")
    answered = decide(client, comment, "answer", text="On Monday.")
    comment.refresh_from_db()
    decide(client, comment, "pin")

    assert 'value="answer"' in page.text
    assert 'value="pin"' in page.text
    assert 'value="hide"' not in page.text
    assert answered.status_code == 302
    reply = comment.replies.get()
    assert (reply.is_answer, reply.text) == (True, "On Monday.")
    comment.refresh_from_db()
    assert comment.pinned_at


def test_campaigners_decide_on_nothing_that_waits(client):
    waiting = write_comment(make_campaign(), "May I?")
    waiting.confirm()
    shown = make_comment(waiting.campaign, "Hello.")
    client.force_login(make_staff("bo", "Campaigners"))

    page = client.get(f"/admin/comments/comment/desk/{waiting.pk}/")
    answers = [
        decide(client, waiting, "answer", text="Yes."),
        *(decide(client, shown, name) for name in ("hide", "spam", "claim", "undo")),
        decide(client, shown, "note", words="x"),
        decide(client, waiting, "show"),
    ]

    assert 'name="decision" value=' not in page.text
    assert {answer.status_code for answer in answers} == {403}
    assert not Comment.objects.filter(is_answer=True).exists()
    shown.refresh_from_db()
    assert shown.hidden_at is None


def test_campaigners_see_what_readers_reported(client):
    comment = make_comment(make_campaign(), "Rude.")
    comment.report(reason="hate", words="This hurts.", network_hash="a" * 32)
    client.force_login(make_staff("bo", "Campaigners"))

    report = comment.reports.get()
    assert "It attacks people" in client.get("/admin/supporters/report/").text
    page = client.get(f"/admin/supporters/report/{report.pk}/change/").text
    assert "This hurts." in page
    desk = client.get(f"/admin/comments/comment/desk/{comment.pk}/")
    assert "This hurts." in desk.text
