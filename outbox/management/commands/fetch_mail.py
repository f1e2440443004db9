from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from outbox.incoming.imap import CannotFetch, ImapMailbox


class Command(BaseCommand):
    help = (
        "Receive what is new in the mailbox of INCOMING_MAIL_URL. The worker does so "
        "each minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = ImapMailbox.at(settings.INCOMING_MAIL_URL).fetch()
        except ValueError as fault:
            raise CommandError(f"INCOMING_MAIL_URL cannot be used: {fault}.") from None
        except CannotFetch as fault:
            raise CommandError(f"The mailbox cannot be read: {fault}") from None
        said = [f"{kind}: {number}" for kind, number in sorted(done.items())]
        self.stdout.write("\n".join(said) or "nothing new")
