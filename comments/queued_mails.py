"""When the mails that a comment causes are queued; mails.py says what is in them."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from outbox.models import OutgoingMail


class Mails:
    """The mails that one comment causes: `comment.mails.mail_question_later()`."""

    def __init__(self, comment):
        self.comment = comment

    @property
    def has_question(self):
        """Whether the question to its writer was sent, or is on its way.

        The answer is the same before and after its owner says yes, so that whoever
        typed the address learns nothing of what its owner did.
        """
        confirmation = self.comment.confirmation
        if confirmation.issue:
            return True
        return self.comment.wants_mail and not confirmation.used_at

    def mail_question_later(self, *, insists=False):
        """Queue the question to its writer, in the transaction that is running.

        `insists` says that somebody pressed the button for just this mail.
        """
        self.queue("comment_question_again" if insists else "comment_question")

    def tell_later(self):
        """Queue the mails that follow from its state, a few minutes ahead.

        The wait lets the moderator think again, and begins anew with each decision.
        What is undone within it reaches nobody's inbox.
        """
        self.tell_writer_later()
        if self._answers_somebody:
            self.comment.parent.mails.queue("replies_to_comment", due_at=_soon())

    def tell_writer_later(self):
        """The same for its own writer alone."""
        confirmation = self.comment.confirmation
        if confirmation:
            self.queue("comment_news", due_at=_soon())
            if not confirmation.used_at:
                self._ask_later()

    def _ask_later(self):
        """Ask the owner of the address, now that somebody has decided on the comment.

        If the comment shows, an address that was asked before is not asked again.
        """
        if self.comment.is_hidden:
            self.queue("hidden_comment_question", due_at=_soon())
        elif self.comment.is_shown and not self._was_asked:
            self.queue("comment_question", due_at=_soon())

    @property
    def _was_asked(self):
        """Whether the question was mailed, or is queued. That of a comment which was
        held when it was posted is neither, even if its writer wants mails."""
        mails = OutgoingMail.objects.open().about("comment_question", self.comment.pk)
        return bool(self.comment.confirmation.issue) or mails.exists()

    @property
    def _answers_somebody(self):
        """Whether it answers somebody else who wants to be told of replies."""
        answered = self.comment.parent
        if answered is None or not (answered.wants_replies and answered.confirmation):
            return False
        asked, own = answered.confirmation, self.comment.confirmation
        return own is None or own.supporter_id != asked.supporter_id

    def queue(self, purpose, due_at=None):
        """Queue a mail to its writer, or let one that waits begin its wait anew."""
        pk, email = self.comment.pk, self.comment.confirmation.email
        OutgoingMail.objects.queue(purpose, pk, email, due_at=due_at)
        if due_at:
            waiting = OutgoingMail.objects.open().about(purpose, pk).filter(tries=0)
            waiting.update(due_at=due_at)


def _soon():
    return timezone.now() + timedelta(minutes=settings.COMMENT_NOTICE_MINUTES)
