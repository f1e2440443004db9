"""The task that reads the mailbox of the site."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from outbox.incoming.imap import CannotFetch, ImapMailbox

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(
    name="outbox.fetch_mail",
    queue="slow",
    lock="fetch_mail",
    queueing_lock="fetch_mail",
)
def fetch_mail(timestamp: int) -> None:
    """Receive what is new, if the settings name a mailbox; the next minute goes on."""
    if settings.INCOMING_MAIL_URL.startswith("imap"):
        try:
            ImapMailbox.at(settings.INCOMING_MAIL_URL).fetch()
        except (ValueError, CannotFetch) as fault:
            logger.warning("The mailbox of the site cannot be read: %s", fault)
