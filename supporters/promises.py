"""What we promise to whoever has left an address here, and who keeps it."""

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Update
from staff.promises import SITE, SITE_DAYS, Promise
from supporters.acts import held_desk, undecided
from supporters.follow.models import Follow
from supporters.follow.update_for_follower import UpdateForFollower
from supporters.notices.models import Notice
from supporters.personal_data.erasure_requests import ErasureRequest

# A campaign's outcome is to be told so many days after its end.
OUTCOME_DAYS = 60
# Of what a mailing queues at once, the last mails leave so many days later.
MAILING_DAYS = 2


def promises():
    return [
        held(
            Follow,
            _("A moderator decides on follows that are held"),
            (
                "When a lot of people follow at once, a moderator checks before we "
                "email you.",
            ),
        ),
        _told_before_deleting(),
        _updates(),
        _outcome(),
        _erasing(),
        _deleting(),
        _contact(),
        _notices(),
    ]


def held(kind, title, says):
    """The promise that a person looks at held acts of this kind, a model."""
    label = kind._meta
    return Promise(
        name=f"held {label.model_name}",
        title=title,
        says=(
            "Sometimes one of us checks a request before we email you.",
            "When we get a lot of signatures or letters at once, a moderator checks "
            "them before we email anybody.",
            "A moderator also checks text that looks like advertising or abuse.",
            *says,
        ),
        rows=kind.objects.held,
        since="held_at",
        page=lambda: held_desk.page_for(kind),
        permission=f"{label.app_label}.change_{label.model_name}",
    )


def _told_before_deleting():
    return Promise(
        name="told before deleting",
        title=_("We tell owners a week before we delete what nobody decided on"),
        says=(
            "If you have confirmed your address here before, we tell you a week "
            "before.",
        ),
        keeper=SITE,
        rows=lambda: undecided.owners_to_tell().annotate(
            waits_since=undecided.waits_since()
        ),
        since="waits_since",
        within=(settings.KEEP_HELD_DAYS - undecided.NOTICE_DAYS, SITE_DAYS),
        page=lambda: reverse("admin:outbox_outgoingmail_changelist"),
        permission="outbox.view_outgoingmail",
    )


def _updates():
    return Promise(
        name="updates",
        title=_("Followers get their updates"),
        says=(
            "We write when there is news.",
            "We write when there is news:",
            "We email you as soon as there is news.",
            "When there is news, you get one email the next morning, for the whole "
            "day.",
            "When there is news, you get one email on Monday, for the whole week.",
            "You get updates only after you have confirmed.",
            "We email updates only to an address that you have confirmed.",
            "Follow this campaign, and we email you the first update.",
            "When you have confirmed, you also get the emails that you asked for.",
            "Get the news by email",
        ),
        keeper=SITE,
        rows=lambda: UpdateForFollower.objects.open().filter(
            mail=None, mailing__queued_at__isnull=False, mailing__paused_at=None
        ),
        since="due_at",
        within=(MAILING_DAYS,),
        page=lambda: reverse("admin:supporters_mailing_changelist"),
        permission="supporters.change_mailing",
    )


def _outcome():
    """Nobody but a campaigner knows the outcome, so somebody has to remind them."""
    told = Update.objects.published().filter(
        campaign=OuterRef("pk"), is_outcome=True, mailing__isnull=False
    )
    waiting = Follow.objects.active().filter(campaign=OuterRef("pk"), only_outcome=True)
    return Promise(
        name="outcome",
        title=_("We tell people who asked how a campaign has ended"),
        says=(
            "Send me one email with the result of the petition",
            "We also send it, once, to signers who asked to hear how it ended.",
            "We send you one email when it has ended.",
            "Get the news",
            "Get the news by email",
            "You can still get the news by email.",
        ),
        rows=lambda: (
            Campaign.objects.ended()
            .filter(Exists(waiting), ~Exists(told))
            .annotate(ended=Least("closes_at", "closed_at"))
        ),
        since="ended",
        within=(OUTCOME_DAYS,),
        page=lambda: reverse("admin:campaigns_campaign_changelist"),
        permission="campaigns.change_campaign",
    )


def _erasing():
    return Promise(
        name="erasing",
        title=_("2 of us erase the data of people who cannot open their mailbox"),
        says=(
            "One of us then asks for the erasure, another confirms it, and we delete "
            "everything.",
        ),
        rows=ErasureRequest.objects.open,
        since="asked_at",
        page=lambda: reverse("admin:supporters_erasurerequest_changelist"),
        permission="supporters.change_erasurerequest",
    )


def _notices():
    return Promise(
        name="notices",
        title=_("A person decides on notices of illegal content"),
        says=(
            "A person decides, not a computer.",
            "We will email you that we have it, and later what we decided.",
            "Then we will email you what we decided.",
            "We email this to the person who sent the notice.",
            "It will show what we decided.",
            "If we have not decided after … days, we close your report and tell you.",
        ),
        rows=Notice.objects.open,
        since="received_at",
        page=lambda: reverse("admin:supporters_notice_changelist"),
        permission="supporters.change_notice",
    )


def _contact():
    return Promise(
        name="contact",
        title=_("A person reads emails to our contact address"),
        says=(
            "Write to …, and a person will look at it.",
            "A person will look at it.",
            "A person will stop them.",
            "Another person will look at it.",
            "We can give you a table with the same content.",
            "If others wrote it here, tell us where, and a person will look at it.",
            "If you want your name taken off a sheet, write to us, and a person will "
            "find it.",
        ),
        how=_("These emails go to your own mailbox. The site does not see them."),
    )


def _deleting():
    return Promise(
        name="deleting",
        title=_("We delete what is due"),
        says=(
            "…we … delete …",
            "…we delete …",
            "…we delete it.",
            "We erase what we store for … right away.",
            "We then forget you in every browser, on every phone and computer.",
            "…deleted soon",
        ),
        keeper=SITE,
        how=_(
            "This happens each night. Each day we compare what we store with the "
            "privacy page, and alert you if something is late."
        ),
        page=lambda: reverse("admin:supporters_retentionrun_changelist"),
        permission="supporters.view_retentionrun",
    )
