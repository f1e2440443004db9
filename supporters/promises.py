"""What we promise to whoever has left an address here, and who keeps it."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Update
from staff.promises import Promise
from supporters.acts import held_inbox
from supporters.follow.models import Follow
from supporters.follow.update_for_follower import UpdateForFollower
from supporters.notices.models import Report
from supporters.personal_data.erasure_requests import ErasureRequest

# A campaign's outcome is to be told so many days after its end.
OUTCOME_DAYS = 60
# Of what a mailing queues at once, the last mails leave so many days later.
MAILING_DAYS = 2


def promises():
    return [
        held(Follow, _("A moderator decides on follows that are held")),
        _updates(),
        _outcome(),
        _erasing(),
        _notices(),
    ]


def held(kind, title):
    """The promise that a person looks at held acts of this kind, a model."""
    return Promise(
        name=f"held {kind._meta.model_name}",
        title=title,
        rows=kind.objects.held,
        since="held_at",
        page=lambda: held_inbox.HeldTab().address,
    )


def _updates():
    return Promise(
        name="updates",
        title=_("Followers get their updates"),
        rows=lambda: UpdateForFollower.objects.open().filter(
            mail=None, mailing__queued_at__isnull=False, mailing__paused_at=None
        ),
        since="due_at",
        within=(MAILING_DAYS,),
        page=lambda: reverse("admin:supporters_mailing_changelist"),
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
        rows=lambda: (
            Campaign.objects.ended()
            .filter(Exists(waiting), ~Exists(told))
            .annotate(ended=Least("closes_at", "closed_at"))
        ),
        since="ended",
        within=(OUTCOME_DAYS,),
        page=lambda: reverse("admin:campaigns_campaign_changelist"),
    )


def _erasing():
    return Promise(
        name="erasing",
        title=_("2 of us erase the data of people who cannot open their mailbox"),
        rows=ErasureRequest.objects.open,
        since="asked_at",
        page=lambda: reverse("admin:supporters_erasurerequest_changelist"),
    )


def _notices():
    return Promise(
        name="notices",
        title=_("A person decides on notices of illegal content"),
        rows=Report.objects.notices().open,
        since="received_at",
        page=lambda: reverse("admin:supporters_report_changelist"),
    )
