"""What somebody made with a right may nothing any more once its maker may not.

Every key to an account is walked: its right is asked again at each use of what was
made, or it says only who did something that was done at once.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign, CampaignRole, CampaignText
from campaigns.tasks import publish_due_updates
from petitions.models import Bundle
from staff.models import Invitation, User
from supporters.follow.tasks import sweep_mailings
from supporters.models import Mailing
from tests.factories import (
    ask_volunteer,
    make_campaign,
    make_follow,
    make_petition,
    make_staff,
)
from tests.factories import make_update as made_update
from tests.staff.forms import fill_in
from tests.volunteers.conftest import KOREAN, opened, path_of, texts_of

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=1)
# Of these accounts, a row says who did or decided something. It was done at once, with
# the right of that moment, or it is theirs and goes with them.
DONE_AT_ONCE = {
    "admin.LogEntry.user",
    "campaign_editor.UnsavedForm.user",  # nobody else sees it
    "wordpress.WordPressImport.asked_by",  # the worker does what was pressed
    "campaigns.CampaignRole.user",
    "campaigns.Update.author",  # of its schedule, versions say who answers for it
    "comments.Comment.answered_by",
    "comments.Comment.claimed_by",
    "comments.Comment.hidden_by",
    "comments.Moderation.by",
    "letters.Letter.decided_by",
    "letters.OfficialAnswer.decided_by",
    "letters.Stance.entered_by",
    "petitions.Invalidation.by",  # it can be undone
    "petitions.Invalidation.undone_by",
    "paper.PaperBatch.counted_by",
    "paper.PaperBatch.entered_by",
    "paper.PaperLine.entered_by",
    "petitions.Petition.names_let_go_by",
    "petitions.Signature.decided_by",
    "petitions.Signature.name_decided_by",
    "safeguards.Block.added_by",
    "safeguards.OwnLimit.changed_by",
    "staff.Alert.closed_by",
    "staff.AuditEntry.by",
    "staff.SignIn.user",
    "supporters.ErasureRequest.asked_by",  # somebody else decides, with a right anew
    "supporters.ErasureRequest.closed_by",
    "supporters.Follow.decided_by",
    "supporters.Report.decided_by",
    "translations.WordReport.settled_by",
    "versions.Deleted.by",
    "versions.Version.by",
}


@pytest.fixture(autouse=True)
def two_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]


@pytest.fixture
def campaign():
    made = make_campaign(slug="bucheon", title="Close it", story="<p>[picture 1]</p>")
    return make_petition(made, ask="Close it now.").campaign


@pytest.fixture
def bo():
    return make_staff("bo", "Campaigners", email="bo@desk.example")


def at_the_desk(user):
    browser = Client(headers={"sec-fetch-site": "same-origin"})
    browser.force_login(user)
    return browser


# What is made, and then: whether it is of use.


def a_volunteers_link(campaign, bo, work):
    made = ask_volunteer(campaign, role="reads", may_publish=True, asked_by=bo)
    volunteer = opened(made)

    def is_of_use():
        CampaignText.objects.all().delete()
        answer = volunteer.post(texts_of(made), {**KOREAN, "publish": ""})
        other = volunteer.get(path_of(made, "po/file/"))
        assert {answer.status_code, other.status_code} in ({302, 200}, {410})
        assert (answer.status_code == 302) == CampaignText.objects.exists()
        return answer.status_code == 302

    return is_of_use


def an_access_key(campaign, bo, work):
    from access_keys.keys import AccessKey  # which a site may leave out

    made = AccessKey(name="Our list", made_by=bo, campaign=campaign)
    made.ends_on = timezone.localdate() + timedelta(days=9)
    text = made.give_text()
    made.save()

    def is_of_use():
        known = {"authorization": f"Bearer {text}"}
        page = "/api/campaigns/bucheon/signatures/"
        answer = Client().get(page, headers=known)
        assert answer.status_code in (200, 401, 404)
        return answer.status_code == 200

    return is_of_use


def a_file_for_officials(campaign, bo, work):
    made = Bundle.objects.create(petition=campaign.petition, to="Mayor", asked_by=bo)
    made.make()
    browser = at_the_desk(bo)
    page = f"/admin/petitions/bundle/{made.pk}/download/"

    def is_of_use():
        answer = browser.get(page)
        if answer.streaming:
            answer.getvalue()  # reads the file to its end, which closes it
        return answer.status_code == 200

    return is_of_use


def a_scheduled_update(campaign, bo, work):
    made = made_update(campaign, published_at=None, publish_at=timezone.now() + SOON)
    save_anew(bo, made, "campaigns/update", title="Another title")

    def is_of_use():
        publish_due_updates.func(timestamp=0)
        made.refresh_from_db()
        return made.is_scheduled

    return is_of_use


def a_scheduled_campaign(campaign, bo, work):
    at = timezone.now() + SOON
    made = make_campaign(slug="later", published_at=at, opens_at=at)
    CampaignRole.objects.filter(user=bo).create(
        user=bo, campaign=made, group=Group.objects.get(name="Campaigners")
    )
    save_anew(bo, made, "campaigns/campaign", outcome="Not yet.")

    def is_of_use():
        publish_due_updates.func(timestamp=0)
        made.refresh_from_db()
        return made.is_scheduled

    return is_of_use


def save_anew(bo, row, path, **words):
    page = f"/admin/{path}/{row.pk}/change/"
    answer = fill_in(at_the_desk(bo), page, **words)
    assert answer.status_code == 302


def a_mailing_that_waits(campaign, bo, work):
    make_follow(campaign)
    later = made_update(campaign, published_at=None, publish_at=timezone.now() + SOON)
    Mailing.objects.send(later, by=bo)
    type(later).objects.filter(pk=later.pk).update(published_at=timezone.now())

    def is_of_use():
        Mailing.objects.update(paused_at=None, queued_at=None)
        sweep_mailings.func(timestamp=0)
        work()
        return Mailing.objects.get().queued_at is not None

    return is_of_use


def a_draft_link(campaign, bo, work):
    draft = make_campaign(slug="draft", title="A draft", published_at=None)
    CampaignRole.objects.create(
        user=bo, campaign=draft, group=Group.objects.get(name="Campaigners")
    )
    draft.make_draft_link(by=bo)
    link = draft.draft_url

    def is_of_use():
        answer = Client().get(link)
        assert answer.status_code in (200, 404)
        assert bool(draft.draft_url) == (answer.status_code == 200)
        return answer.status_code == 200

    return is_of_use


def an_invitation(campaign, bo, work):
    make_staff("root", is_superuser=True)
    User.objects.filter(pk=bo.pk).update(is_superuser=True)
    made = Invitation.objects.create(email="di@desk.example", invited_by=bo)
    made.groups.set(bo.groups.all())

    def is_of_use():
        Invitation.objects.update(accepted_at=None, mail_key="k" * 32)
        User.objects.filter(username="di").delete()
        chosen = {"password1": "a long sentence", "password2": "a long sentence"}
        typed = {"username": "di", "first_name": "Di", "last_name": "Lee", **chosen}
        Client().post(f"/admin/account/invitations/{'k' * 32}/", typed)
        return User.objects.filter(username="di").exists()

    return is_of_use


ASKED_AGAIN = {
    "petitions.Bundle.asked_by": a_file_for_officials,
    "staff.Invitation.invited_by": an_invitation,
    "supporters.Mailing.asked_by": a_mailing_that_waits,
    # No key to an account, but the same.
    "a draft link": a_draft_link,
    "a scheduled campaign": a_scheduled_campaign,
    "a scheduled update": a_scheduled_update,
}
if apps.is_installed("access_keys"):
    ASKED_AGAIN["access_keys.AccessKey.made_by"] = an_access_key
if apps.is_installed("volunteers"):
    ASKED_AGAIN["volunteers.TranslationRequest.asked_by"] = a_volunteers_link


# What may become of its maker.


def switched_off(bo, campaign):
    User.objects.filter(pk=bo.pk).update(is_active=False)


def may_not_sign_in(bo, campaign):
    User.objects.filter(pk=bo.pk).update(is_staff=False)


def without_roles(bo, campaign):
    bo.groups.clear()
    User.objects.filter(pk=bo.pk).update(is_superuser=False)
    CampaignRole.objects.filter(user=bo).delete()


def in_another_campaign(bo, campaign):
    without_roles(bo, campaign)
    group = Group.objects.get(name="Campaigners")
    CampaignRole.objects.create(user=bo, group=group, campaign=make_campaign())


def a_moderator(bo, campaign):
    without_roles(bo, campaign)
    bo.groups.add(Group.objects.get(name="Moderators"))


def deleted(bo, campaign):
    User.objects.filter(pk=bo.pk).delete()


LOSSES = [
    switched_off,
    may_not_sign_in,
    without_roles,
    in_another_campaign,
    a_moderator,
    deleted,
]


def test_every_key_to_an_account_says_whether_it_is_asked_again():
    found = {
        str(field)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.related_model is User and not model.__module__.startswith("allauth.")
    }

    assert found - DONE_AT_ONCE == {name for name in ASKED_AGAIN if "." in name}
    assert found >= {name for name in DONE_AT_ONCE if is_there(name)}


def is_there(name):
    """Whether the app of a field is: settings.ROOMS may leave it out."""
    return name.split(".")[0] in apps.app_configs


@pytest.mark.parametrize("make", ASKED_AGAIN.values())
def test_what_its_maker_may_not_do_any_more_is_of_no_use(
    campaign, bo, work, make, subtests
):
    is_of_use = make(campaign, bo, work)
    assert is_of_use()

    for lose in LOSSES:
        with subtests.test(lose.__name__), transaction.atomic():
            lose(bo, campaign)

            assert not is_of_use()
            transaction.set_rollback(True)


# Where others at the desk read what became of it, and how it is of use again.
SAID = {
    an_access_key: (
        "/admin/access_keys/accesskey/",
        "its maker may not download any more",
    ),
    a_file_for_officials: ("/admin/petitions/bundle/{bundle}/change/", "Download"),
    an_invitation: ("/admin/staff/invitation/", "its sender may no longer invite"),
    a_mailing_that_waits: (
        "/admin/supporters/mailing/{mailing}/change/",
        "Press “Resume” if it should leave all the same.",
    ),
    a_volunteers_link: ("/admin/translations/{campaign}/", "Take it over"),
    a_draft_link: ("/admin/editor/campaigns/{draft}/", "Save and make a draft link"),
    a_scheduled_campaign: ("/admin/inbox/alerts/", "may no longer publish it."),
    a_scheduled_update: ("/admin/inbox/alerts/", "may no longer publish it."),
}


@pytest.mark.parametrize("make", ASKED_AGAIN.values())
def test_others_read_what_became_of_it_and_what_to_do(campaign, bo, work, make):
    is_of_use = make(campaign, bo, work)
    without_roles(bo, campaign)
    assert not is_of_use()
    page, said = SAID[make]
    newest = {
        "mailing": Mailing.objects.last(),
        "bundle": Bundle.objects.last(),
        "campaign": campaign,
        "draft": Campaign.objects.filter(published_at=None).last(),
    }
    keys = {name: row and row.pk for name, row in newest.items()}

    desk = at_the_desk(make_staff("di", is_superuser=True)).get(page.format(**keys))

    assert desk.status_code == 200
    assert said in desk.text


@pytest.mark.parametrize(
    "make",
    # Whoever has a role in one campaign invites nobody.
    [make for make in ASKED_AGAIN.values() if make is not an_invitation],
)
def test_a_role_in_this_campaign_alone_is_enough(campaign, bo, work, make):
    group = Group.objects.get(name="Campaigners")
    CampaignRole.objects.create(user=bo, group=group, campaign=campaign)
    bo.groups.clear()

    assert make(campaign, User.objects.get(pk=bo.pk), work)()
