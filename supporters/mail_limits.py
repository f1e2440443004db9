"""How many confirmation mails one address gets, over everything it is asked."""

from django.conf import settings

from campaign_site import limits


class MailLimitReached(Exception):
    """Enough mails to this address for now; may_send_at says when the next may go."""

    def __init__(self, may_send_at):
        super().__init__(f"next mail at {may_send_at:%Y-%m-%d %H:%M} UTC")
        self.may_send_at = may_send_at


def refuse_too_many(email):
    """Raise MailLimitReached when this address has had its share of hour or day."""
    for window, most in (
        (limits.DAY, settings.LIMIT_MAILS_TO_ADDRESS_A_DAY),
        (limits.HOUR, settings.LIMIT_MAILS_TO_ADDRESS),
    ):
        if limits.count("mail", email, window) >= most:
            raise MailLimitReached(limits.window_end(window))


def count(email):
    limits.hit(("mail", email, limits.HOUR), ("mail", email, limits.DAY))
