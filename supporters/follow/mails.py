"""The question to somebody who wants to follow."""

from django.utils.translation import gettext_lazy as _

from outbox.purposes import Nothing, register
from pages.addresses import absolute_reverse
from supporters.acts.mails import Question
from supporters.follow.models import Follow


@register
class FollowQuestion(Question):
    """The button and the code; it holds nothing that a visitor typed.

    Somebody who gets these updates already is told so, and how often they come. Only if
    they ask for another frequency, there is something to confirm.
    """

    name = "follow_question"
    title = _("Do you want our updates?")
    titles = {
        "confirm_follow": title,
        "you_follow": _("You follow this campaign already"),
    }

    def rows(self):
        return Follow.objects.select_related("campaign", "confirmation__supporter")

    def question(self, follow, mail):
        confirmation, campaign = follow.confirmation, follow.campaign
        if follow.rejected_at or (follow.is_held and not follow.let_pass()):
            raise Nothing
        language = confirmation.language
        context = {
            "follow": follow,
            "campaign": campaign,
            "confirmation_url": absolute_reverse(
                "supporters:confirmation", language, token=confirmation.link_key
            ),
            "stop_url": follow.stop_url,
        }
        current = follow.current
        if not (current.is_active or confirmation.used_at):
            return "confirm_follow", context
        is_same = (current.only_outcome, current.frequency) == (
            follow.only_outcome,
            follow.frequency,
        )
        asks_for_change = not (confirmation.used_at or is_same)
        known = {"current": current, "asks_for_change": asks_for_change}
        return "you_follow", {**context, **known, "stop_url": current.stop_url}
