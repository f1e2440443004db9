from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.samples import common, link, sample
from pages.addresses import absolute
from supporters.acts.undecided import NOTICE_DAYS
from supporters.follow.frequency import Frequency


def _follow():
    often = Frequency.WEEKLY.label
    follow = SimpleNamespace(
        campaign=SimpleNamespace(title=_("The title of the campaign")),
        get_frequency_display=often,
        often=often,
    )
    return {"follow": follow, "stop_url": link("cancellation/")}


@sample("confirm_follow")
def confirm_follow():
    """To whoever asked for updates: was it you?"""
    return {"follow": _follow()["follow"]}


@sample("you_follow")
def you_follow():
    """To whoever asks for updates, and gets them already."""
    follow = _follow()
    current = SimpleNamespace(is_active=True, often=Frequency.DAILY.label)
    return {**follow, "current": current, "asks_for_change": True}


@sample("update")
def update():
    """To the followers of a campaign: its updates, one or all of a day or a week."""
    one = SimpleNamespace(
        title=_("The title of the update"),
        text=_("<p>What has happened.</p>"),
        plain_text=_("What has happened."),
        campaign=SimpleNamespace(
            title=_("The title of the campaign"),
            full_title=common()["campaign"].full_title,
        ),
        picture="",
        mailed_url=link("updates/1/"),
        mailed_campaign_url=link(""),
        follow_up=SimpleNamespace(full_title=_("The title of the next campaign")),
        sign_next_url=link("signatures/next/key/"),
    )
    follow = _follow()
    return {"updates": [one], "update": one, "ways": [follow], **follow}


@sample("held_ends")
def held_ends():
    """To people whose act still waits for a person and will soon be deleted."""
    return {
        "acts": [(_("A signature"), common()["campaign"])],
        "ends_on": timezone.localdate() + timedelta(days=NOTICE_DAYS),
        "mine_url": absolute("/mine/"),
    }


@sample("rejected")
def rejected():
    """To people whom we know, when a moderator has turned down what they sent."""
    return {
        "acts": [(_("A signature"), common()["campaign"])],
        "days": settings.KEEP_WITHDRAWN_DAYS,
        "ways": [absolute("/campaign/letters/key/unsent/")],
        "again": {_("The title of the campaign"): link("")},
        "mine_url": absolute("/mine/"),
    }


@sample("my_page")
def my_page():
    """To whoever asked to see what is stored about them."""
    return {
        "minutes": settings.VISIT_LINK_MINUTES,
        "opening_url": absolute("/mine/key/opening/"),
        "my_page_url": absolute("/mine/"),
    }


@sample("what_you_wrote")
def what_you_wrote():
    """To whoever asked to open the page of something that they wrote."""
    return my_page()
