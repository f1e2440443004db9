from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outbox.samples import campaign, link
from pages.addresses import absolute
from supporters.acts.undecided import NOTICE_DAYS
from supporters.follow.frequency import Frequency
from supporters.notices.choices import BrokenLaw, NoticeDecision


def values():
    often = Frequency.WEEKLY.label
    url = link("cancellation/")
    follow = SimpleNamespace(
        campaign=campaign(), get_frequency_display=often, often=often, stop_url=url
    )
    stop = {"follow": follow, "stop_url": url}
    return {
        "": {
            "follow": follow,
            "minutes": settings.VISIT_LINK_MINUTES,
            "opening_url": absolute("/mine/key/opening/"),
            "my_page_url": absolute("/mine/"),
        },
        "you_follow": {
            **stop,
            "current": SimpleNamespace(is_active=True, often=Frequency.DAILY.label),
            "asks_for_change": True,
        },
        "update": {
            **stop,
            "updates": [_update()],
            "update": _update(),
            "follows": [follow],
            "name": "Maria",
        },
        "held_ends": {
            "campaign": None,
            "acts": [(_("A signature"), campaign())],
            "ends_on": timezone.localdate() + timedelta(days=NOTICE_DAYS),
        },
        "rejected": {
            "campaign": None,
            "acts": [(_("A letter"), campaign())],
            "days": settings.KEEP_WITHDRAWN_DAYS,
            "ways": [absolute("/campaign/letters/key/unsent/")],
            "again": {_("The title of the campaign"): link("")},
        },
        "notice_received": {
            "campaign": None,
            "notices": [_notice()],
            "held_days": settings.KEEP_HELD_DAYS,
        },
        "notice_decided": {"campaign": None, "notices": [_notice()]},
    }


def _update():
    return SimpleNamespace(
        title=_("The title of the update"),
        mailed_subject=_("The subject of the email"),
        preheader=_("What mail programs show after the subject"),
        text=_("<p>What has happened.</p>"),
        plain_text=_("What has happened."),
        campaign=campaign(),
        picture="",
        read_in=get_language(),
        mailed_url=link("updates/1/"),
        mailed_campaign_url=link(""),
        follow_up=SimpleNamespace(full_title=_("The title of the next campaign")),
        sign_next_url=link("signatures/next/key/"),
    )


def _notice():
    return SimpleNamespace(
        reference="2026-17",
        received_at=timezone.now(),
        mailed_url=link("notices/"),
        campaign=campaign(),
        get_law_display=BrokenLaw.PRIVATE.label,
        get_decision_display=NoticeDecision.REMOVED.label,
        reasons=_("The comment named the street in which somebody lives."),
    )
