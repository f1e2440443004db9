"""The mail that brings updates to a follower."""

from email import policy

from campaign_site import mail
from campaign_site.addresses import absolute_reverse
from supporters.frequency import Frequency

# Stands where a follower's key will: the rest of a mail is the same for very many.
_KEY = "key-of-follow-{}-here"


class Composer:
    """Writes mails, and renders what is the same for many of them once."""

    def __init__(self):
        self._rendered = {}

    def bytes_for(self, copy, updates, follows, email):
        """The mail with these updates, for the follows that they come by."""
        message = self.message(updates, follows, email)
        message.extra_headers["Message-ID"] = copy.message_id
        return message.message(policy=policy.SMTP).as_bytes()

    def message(self, updates, follows, email):
        language = follows[0].language
        wanted = (
            language,
            tuple(update.pk for update in updates),
            tuple((follow.campaign_id, follow.frequency) for follow in follows),
        )
        if wanted not in self._rendered:
            self._rendered[wanted] = _rendered(updates, follows, language)
        parts = self._rendered[wanted]
        for number, follow in enumerate(follows):
            placeholder = _KEY.format(number)
            parts = [part.replace(placeholder, follow.key) for part in parts]
        message = mail.message(email, *parts)
        first = follows[0]
        stop_url = first.stop_url if len(follows) == 1 else first.stop_all_url
        mail.with_stop(message, stop_url)
        return message


def sample(update, frequency=Frequency.IMMEDIATE):
    """Subject, text and HTML as a follower of its campaign gets them, for staff."""
    from supporters.models import Follow

    campaign = update.campaign
    follow = Follow(
        campaign=campaign, frequency=frequency, language=campaign.language, key="sample"
    )
    parts = _rendered([update], [follow], campaign.language)
    return [part.replace(_KEY.format(0), follow.key) for part in parts]


def _rendered(updates, follows, language):
    ways = []
    for number, follow in enumerate(follows):
        key = _KEY.format(number)
        stop_url = absolute_reverse("supporters:cancellation", language, key=key)
        ways.append({"follow": follow, "stop_url": stop_url})
    all_url = absolute_reverse(
        "supporters:cancellation-of-all", language, key=_KEY.format(0)
    )
    context = {
        "updates": updates,
        "update": updates[0],
        "ways": ways,
        "stop_all_url": all_url if len(ways) > 1 else "",
        "campaign": updates[0].campaign if len(updates) == 1 else None,
    }
    return mail.render("update", context, language)
