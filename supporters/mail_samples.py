from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from outbox.samples import common, link, sample
from pages.addresses import absolute
from supporters.acts.undecided import NOTICE_DAYS
from supporters.follow.frequency import Frequency
from supporters.notices.models import BrokenLaw, NoticeDecision


def _follow():
    often = Frequency.WEEKLY.label
    follow = SimpleNamespace(
        campaign=SimpleNamespace(title=_("The title of the campaign")),
        get_frequency_display=often,
        often=often,
    )
    return {"follow": follow, "stop_url": link("cancellation/")}


@sample(
    "confirm_follow",
    gettext_lazy("To a person who asked for updates. Was it them?"),
)
def confirm_follow():
    return {"follow": _follow()["follow"]}


@sample(
    "you_follow",
    gettext_lazy("To a person who asked for updates, and gets them already."),
)
def you_follow():
    follow = _follow()
    current = SimpleNamespace(is_active=True, often=Frequency.DAILY.label)
    return {**follow, "current": current, "asks_for_change": True}


@sample(
    "update",
    gettext_lazy(
        "To the followers of a campaign. One update, or all of a day or a week."
    ),
)
def update():
    one = SimpleNamespace(
        title=_("The title of the update"),
        mailed_subject=_("The subject of the email"),
        preheader=_("What mail programs show after the subject"),
        text=_("<p>What has happened.</p>"),
        plain_text=_("What has happened."),
        campaign=SimpleNamespace(
            title=_("The title of the campaign"),
            full_title=common()["campaign"].full_title,
            language="",
        ),
        picture="",
        read_in=get_language(),
        mailed_url=link("updates/1/"),
        mailed_campaign_url=link(""),
        follow_up=SimpleNamespace(full_title=_("The title of the next campaign")),
        sign_next_url=link("signatures/next/key/"),
    )
    follow = _follow()
    named = {"name": "Maria", "name_in_html": "Maria"}
    return {"updates": [one], "update": one, "ways": [follow], **named, **follow}


@sample(
    "held_ends",
    gettext_lazy(
        "To a person we know. Nobody has checked what they sent, and we will "
        "delete it soon."
    ),
)
def held_ends():
    return {
        "campaign": None,
        "acts": [(_("A signature"), common()["campaign"])],
        "ends_on": timezone.localdate() + timedelta(days=NOTICE_DAYS),
        "mine_url": absolute("/mine/"),
    }


@sample(
    "rejected",
    gettext_lazy("To a person we know. A moderator did not accept what they sent."),
)
def rejected():
    return {
        "campaign": None,
        "acts": [(_("A letter"), common()["campaign"])],
        "days": settings.KEEP_WITHDRAWN_DAYS,
        "ways": [absolute("/campaign/letters/key/unsent/")],
        "again": {_("The title of the campaign"): link("")},
        "mine_url": absolute("/mine/"),
    }


@sample(
    "my_page",
    gettext_lazy("To a person who asked to see what we store about them."),
)
def my_page():
    return {
        "minutes": settings.VISIT_LINK_MINUTES,
        "opening_url": absolute("/mine/key/opening/"),
        "my_page_url": absolute("/mine/"),
    }


@sample(
    "what_you_wrote",
    gettext_lazy("To a person who asked to change or delete something they wrote."),
)
def what_you_wrote():
    return my_page()


def _notice(**what):
    return SimpleNamespace(
        reference="2026-17",
        received_at=timezone.now(),
        mailed_url=link("notices/"),
        campaign=SimpleNamespace(full_title=_("The title of the campaign"), read_in=""),
        get_law_display=BrokenLaw.PRIVATE.label,
        **what,
    )


@sample(
    "notice_received",
    gettext_lazy("To a person who sent a notice of illegal content. We have it."),
)
def notice_received():
    return {
        "campaign": None,
        "notices": [_notice()],
        "held_days": settings.KEEP_HELD_DAYS,
    }


@sample(
    "notice_decided",
    gettext_lazy("To a person who sent a notice of illegal content. Our decision."),
)
def notice_decided():
    decided = _notice(
        get_decision_display=NoticeDecision.REMOVED.label,
        reasons=_("The comment named the street in which somebody lives."),
    )
    return {"campaign": None, "notices": [decided]}
