"""The question to somebody who wants to follow."""

from django.utils.translation import gettext_lazy as _

from outbox.purposes import Nothing, register
from pages.addresses import absolute_reverse
from supporters.acts.mails import Question
from supporters.follow.models import Follow


@register
class FollowQuestion(Question):
    """The button and the code; it holds nothing that a visitor typed.

    An owner who has confirmed already is told so, with the way to stop.
    """

    name = "follow_question"
    title = _("Do you want our updates?")
    titles = {
        "confirm_follow": title,
        "you_follow": _("You have already confirmed our updates"),
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
        if campaign:
            context["campaign_url"] = absolute_reverse(
                "campaigns:campaign", language, slug=campaign.slug
            )
        return "you_follow" if confirmation.used_at else "confirm_follow", context
