"""The mails about comments: to their writers, and to those whom they answer.

Each follows from the state as it is when the mail is written, a few minutes after the
decision. A mail may come twice when a worker dies at the wrong moment; none is lost.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from comments import tasks
from database import queue
from pages.addresses import absolute_reverse
from supporters.follow.frequency import Frequency
from supporters.models import SentMail


class Mails:
    """The mails that one comment causes: `comment.mails.mail_question_later()`."""

    def __init__(self, comment):
        self.comment = comment

    @property
    def has_question(self):
        """Whether the question to its writer was sent, or is on its way.

        The answer is the same before and after its owner says yes: whoever typed the
        address learns nothing here of what its owner did.
        """
        confirmation = self.comment.confirmation
        if confirmation.issue:
            return True
        return self.comment.wants_mail and not confirmation.used_at

    def mail_question_later(self, *, insists=False):
        """Queue the question to its writer, in the transaction that is running.

        `insists`: somebody pressed the button for just this mail. It then goes out to
        who has stopped the others, too.
        """
        tasks.mail_question.defer(comment_pk=self.comment.pk, insists=insists)

    def mail_question(self, *, insists=False):
        """Mail the button and the code; nothing that a visitor typed is in it.

        Raises what Confirmation.send() raises.
        """
        comment = self.comment
        if comment.removed_at or comment.is_held or comment.hidden_for == "spam":
            return
        if comment.subscription.stopped_at and not insists:
            return
        is_confirmed = comment.confirmation.used_at
        self._confirm("comment_yours" if is_confirmed else "confirm_comment")

    def tell_later(self):
        """Queue the mails that follow from its state, a few minutes ahead.

        The wait is for the moderator's second thought: what is undone within it
        reaches nobody's inbox. Jobs for one comment never run at the same time, so
        that nobody is told twice. One that fails does not hold up the other.
        """
        wait = timedelta(minutes=settings.COMMENT_NOTICE_MINUTES)
        start = queue.at(timezone.now() + wait)
        pk = self.comment.pk
        for task in (tasks.tell_writer, tasks.tell_of_reply):
            later = task.configure(schedule_at=start, lock=f"{task.name} {pk}")
            later.defer(comment_pk=pk)

    def tell_writer(self):
        """Tell the writer what became of it: shown, or hidden and why."""
        comment = self.comment
        if comment.confirmation is None or comment.removed_at:
            return
        if comment.hidden_at:
            self._tell_hidden()
        elif comment.shown_at:
            self._tell_shown()

    def tell_of_reply(self):
        """Tell the writer whom it answers, if they asked for it and have confirmed."""
        comment = self.comment
        answered = comment.parent
        is_over = comment.reply_told_at or not comment.is_shown or answered is None
        if is_over or not answered.wants_replies:
            return
        if comment.reply_due_at:
            return  # it waits for its day
        asked = answered.confirmation
        is_own = comment.confirmation and (
            comment.confirmation.supporter_id == asked.supporter_id
        )
        may_be_told = asked.used_at and answered.is_shown and not is_own
        subscription = answered.subscription if may_be_told else None
        if may_be_told and subscription.stopped_at is None:
            if subscription.frequency != Frequency.IMMEDIATE:
                self._note(reply_due_at=subscription.next_due)
                return
            url = comment.mailed_url
            reply = {"comment": answered, "reply": comment, "reply_url": url}
            answered.mails.send("comment_reply", reply)
        self._note(reply_told_at=Now())

    def send(self, template, context):
        """Mail its writer, with the link that stops such mails.

        An address that the relay refuses for good gets none, now and later.
        """
        comment = self.comment
        SentMail.objects.send(
            comment.confirmation.supporter,
            template,
            {**self.context(), "stop_url": self._stop_url, **context},
            language=comment.language,
            campaign=comment.campaign,
        )

    def context(self):
        """What every mail about it needs: addresses, and nothing that was typed."""
        comment = self.comment
        campaign, language = comment.campaign, comment.language
        context = {
            "campaign": campaign,
            "wants_mail": comment.wants_mail,
            "campaign_url": absolute_reverse(
                "campaigns:campaign", language, slug=campaign.slug
            ),
            "rules_url": absolute_reverse("comments:rules", language),
            "writer_url": self._url("writer", key=comment.mail_key),
            "comment_url": comment.mailed_url,
        }
        if not comment.confirmation.used_at:
            token = comment.confirmation.mail_token
            context["confirmation_url"] = self._url("confirmation", token=token)
        return context

    def _tell_hidden(self):
        """Tell the reason and what can be done: due process wants it, unasked.

        An address that nobody has confirmed gets only the question who it was. What
        looks like spam gets no mail at all: its addresses are stolen ones.
        """
        comment = self.comment
        hiding = comment.moderations.filter(
            decision__in=("hide", "uphold"), undone_at=None
        ).first()
        state = (
            "upheld" if hiding is not None and hiding.decision == "uphold" else "hidden"
        )
        told = f"{state} {hiding and hiding.pk}"
        if comment.writer_told == told:
            return
        if comment.subscription.stopped_at is None:
            if comment.confirmation.used_at:
                self.send("comment_hidden", {"comment": comment, "state": state})
            elif comment.hidden_for != "spam" and not comment.is_suspect:
                self._confirm("comment_hidden_confirm")
        self._note(writer_told=told)

    def _tell_shown(self):
        """Tell it to who asked for it, and to who was told that it was hidden."""
        comment = self.comment
        if comment.writer_told == "shown":
            return
        is_news = comment.writer_told.startswith(("hidden", "upheld"))
        wants_it = (comment.wants_news and comment.approved_at) or is_news
        may_be_told = wants_it and comment.confirmation.used_at
        if may_be_told and not comment.subscription.stopped_at:
            self.send("comment_shown", {"comment": comment})
        self._note(writer_told="shown")

    def _confirm(self, template):
        context = {**self.context(), "stop_url": self._stop_url}
        self.comment.confirmation.send(template, context)

    def _note(self, **told):
        """Write it down, unless its writer has changed the comment meanwhile."""
        comment = self.comment
        same = type(comment).objects.filter(pk=comment.pk, edited_at=comment.edited_at)
        same.update(**told)

    @property
    def _stop_url(self):
        return self.comment.subscription.stop_url(self.comment.language)

    def _url(self, view, **kwargs):
        slug = self.comment.campaign.slug
        return absolute_reverse(
            f"comments:{view}", self.comment.language, slug=slug, **kwargs
        )
