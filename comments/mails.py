"""The mails about comments: to their writers, and to those whom they answer.

Each mail tells the state at the time of writing, a few minutes after the decision.
"""

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.subscription import CommentSubscription
from comments.state import READABLE, CommentState
from comments.statement import Statement
from outbox.models import Outcome, OutgoingMail
from outbox.purposes import Nothing, register
from pages.addresses import absolute_reverse
from supporters.acts.mails import Question, ToSupporter

# What the link of these mails stops; nobody takes it for the comment.
STOPS = _("Unsubscribe from emails about comments")
# An address that is refused for good gets no second mail about the same.
TOLD = (Outcome.SENT, Outcome.REFUSED)


class ToCommenter(ToSupporter):
    """A mail to the writer of a comment, with the link that stops such mails.

    It holds nothing that a visitor typed.
    """

    tells_of = ("comments.comment",)

    def rows(self):
        return Comment.objects.select_related(
            "campaign", "confirmation__supporter", "parent__confirmation__supporter"
        )

    def context(self, comment):
        campaign, language = comment.campaign, comment.confirmation.language
        context = {
            "campaign": campaign,
            "wants_mail": comment.wants_mail,
            "rules_url": absolute_reverse("comments:rules", language),
            "writer_url": _mailed(comment, "writer", key=comment.mail_key),
            "comment_url": _permalink(comment, language),
            "stop_url": comment.subscription.stop_url(language),
            "stops": STOPS,
        }
        if not comment.confirmation.used_at:
            token = comment.confirmation.link_key
            context["confirmation_url"] = _mailed(comment, "confirmation", token=token)
        return context


@register
class CommentQuestion(Question, ToCommenter):
    """The question with its button and code; once confirmed, the comment's link.

    Somebody who has written the same there before is told so.
    """

    name = "comment_question"
    title = _("Is this your comment?")
    titles = {
        "confirm_comment": title,
        "comment_yours": _("The link to your comment"),
        "comment_written_already": _("You have written this comment already"),
    }
    insists = False

    def question(self, comment, mail):
        if comment.is_held or comment.hidden_for == "spam":
            raise Nothing
        if (comment.subscription.stopped_at or comment.is_hidden) and not self.insists:
            raise Nothing  # of what is hidden, HiddenCommentQuestion asks
        if comment.confirmation.used_at:
            return "comment_yours", self.context(comment)
        if written := comment.by_writer.said_before():
            return "comment_written_already", {
                **self.context(comment),
                "written": written,
                "writer_url": _mailed(written, "writer", key=written.mail_key),
                "is_repeat": comment.repeats_id is not None,
            }
        return "confirm_comment", self.context(comment)


@register
class CommentQuestionAgain(CommentQuestion):
    """The same mail, asked for by a button on the page.

    So it goes also to a writer who has stopped the other mails.
    """

    name = "comment_question_again"
    insists = True


class ToldOnce(ToCommenter):
    """What became of a comment.

    What was told is noted at the comment, so that nobody is told twice.
    """

    def find_news(self, comment, mail):
        """Note at the mail what it tells. Raises Nothing when that was told before."""
        mail.comment, mail.told = comment, news_of(comment)
        if mail.told in ("", comment.writer_told):
            raise Nothing

    def may_leave(self, mail):
        """Whether the comment is as it was when the mail was written."""
        same = Comment.objects.filter(pk=mail.about, version=mail.comment.version)
        locked = same.select_for_update(no_key=True)
        return super().may_leave(mail) and bool(locked.values_list("pk"))

    def settled(self, mail):
        super().settled(mail)
        if mail.outcome in TOLD:
            self.note_told(mail)

    def note_told(self, mail):
        """Note what was told, unless the writer has changed the comment meanwhile."""
        comment = mail.comment
        same = Comment.objects.filter(pk=comment.pk, edited_at=comment.edited_at)
        same.update(writer_told=mail.told)


@register
class CommentNews(ToldOnce):
    """Tells a writer who has confirmed: the comment is shown, or is hidden and why."""

    name = "comment_news"
    title = _("Your comment is on the page")
    titles = {"comment_shown": title, "comment_hidden": _("Your comment is hidden")}

    def write(self, comment, mail):
        self.find_news(comment, mail)
        is_confirmed = comment.confirmation.used_at
        if comment.is_hidden and not is_confirmed:
            raise Nothing  # HiddenCommentQuestion asks instead
        if not is_confirmed or not self._is_wanted(comment):
            self.note_told(mail)
            raise Nothing
        context = {**self.context(comment), "comment": comment}
        if mail.told == "shown":
            return "comment_shown", context
        state = mail.told.partition(" ")[0]
        told = {"state": state, "statement": Statement(comment)}
        return "comment_hidden", {**context, **told}

    def _is_wanted(self, comment):
        """Whether the writer is to be told of this state.

        Due process demands that writers of hidden comments are told, unasked. That a
        comment shows is told to writers who asked for it, or who were told before that
        it was hidden.
        """
        if comment.subscription.stopped_at:
            return False
        was_hidden = comment.writer_told.startswith(("hidden", "upheld"))
        is_approved = (comment.repeats or comment).first_decided_at
        asked = comment.wants_news and is_approved
        return bool(comment.is_hidden or was_hidden or asked)


@register
class HiddenCommentQuestion(ToldOnce, Question):
    """Tells an address that nobody has confirmed that a comment with it was hidden.

    What looks like spam gets no mail at all, since its addresses are stolen.
    """

    name = "hidden_comment_question"
    title = _("A comment with your email address was hidden")
    titles = {"comment_hidden_confirm": title}

    def question(self, comment, mail):
        self.find_news(comment, mail)
        is_asked = comment.is_hidden and not comment.confirmation.used_at
        is_of_a_program = comment.hidden_for == "spam" or comment.is_suspect
        if not is_asked or is_of_a_program or comment.subscription.stopped_at:
            raise Nothing
        return "comment_hidden_confirm", self.context(comment)


@register
class CommentReplies(ToCommenter):
    """The replies to one writer that are due: one, or those of a day or a week.

    `about` is the writer's subscription. Replies wait as comments with `reply_due_at`.
    """

    name = "comment_replies"
    title = _("Replies to your comments")
    titles = {"comment_reply": _("A reply to your comment")}

    def waiting(self):
        return [_due_replies()]

    def collect(self, most):
        _let_go_of_what_nobody_is_told()
        due = replies_to_tell().values("parent__confirmation__supporter")
        owners = CommentSubscription.objects.filter(supporter__in=due)
        waiting = OutgoingMail.objects.open().filter(purpose=self.name)
        new = owners.exclude(pk__in=waiting.values("about")).order_by("pk")[:most]
        pairs = new.values_list("pk", "supporter__email")
        OutgoingMail.objects.queue_many(self.name, pairs)

    def rows(self):
        return CommentSubscription.objects.select_related("supporter")

    def owner_of(self, subscription):
        return subscription.supporter

    def language_of(self, subscription):
        return subscription.answered.confirmation.language

    def about_words(self, mails):
        """Nothing, since the replies may be about several campaigns."""
        return {}

    def write(self, subscription, mail):
        replies = _replies_to(subscription)
        mail.replies = {reply.pk: reply.version for reply in replies}
        if not replies:
            raise Nothing
        reply = replies[0]
        answered = subscription.answered = reply.parent
        for each in replies:  # whatever language has its writer
            each.mailed_url = _permalink(each, answered.confirmation.language)
        context = self.context(answered)
        if len(replies) > 1:
            many = {"replies": replies, "number": len(replies)}
            return "comment_replies", {**context, **many}
        one = {"comment": answered, "reply": reply, "reply_url": reply.mailed_url}
        return "comment_reply", {**context, **one}

    def may_leave(self, mail):
        """Whether no reply has changed, and the reader still wants such mails.

        A reply that was changed, hidden or removed since the mail was written counts.
        """
        found = Comment.objects.filter(pk__in=mail.replies).order_by("pk")
        is_owned = super().may_leave(mail)
        list(found.select_for_update(no_key=True).values_list("pk"))
        same = replies_to_tell().filter(pk__in=mail.replies)
        return is_owned and dict(same.values_list("pk", "version")) == mail.replies

    def retry(self, mail):
        """Nothing is left to send: the replies were settled with the mail."""
        return False

    def settled(self, mail):
        super().settled(mail)
        if hasattr(mail, "replies"):
            told = Comment.objects.filter(pk__in=mail.replies)
        else:  # for days the mail could not even be written
            told = replies_to_tell().filter(
                parent__confirmation__supporter__comment_subscription=mail.about
            )
        told.update(reply_told_at=Now())


def news_of(comment):
    """What there is to tell a comment's writer, as a word and a number; or ""."""
    if comment.is_hidden:
        hiding = comment.moderations.filter(
            decision__in=("hide", "uphold"), undone_at=None
        ).first()
        is_upheld = hiding is not None and hiding.decision == "uphold"
        return f"{'upheld' if is_upheld else 'hidden'} {hiding and hiding.pk}"
    return "shown" if comment.state == CommentState.SHOWN else ""


def replies_to_tell():
    """Replies that are due and of which a confirmed writer wants to be told.

    Reply and comment must both show.
    """
    return _due_replies().filter(
        READABLE,
        parent__in=Comment.objects.visible(),
        parent__wants_replies=True,
        parent__confirmation__used_at__isnull=False,
        parent__confirmation__supporter__comment_subscription__stopped_at=None,
    )


def _due_replies():
    now = timezone.now()
    return Comment.objects.filter(reply_due_at__lte=now, reply_told_at=None)


def _let_go_of_what_nobody_is_told():
    """Take from the due replies those that nobody is told of.

    A reply that does not show will be due again once it does. Any other counts as told.
    """
    _due_replies().exclude(READABLE).update(reply_due_at=None)
    over = _due_replies().exclude(pk__in=replies_to_tell().values("pk"))
    over.update(reply_told_at=Now())


def _replies_to(subscription):
    due = replies_to_tell().select_related(
        "campaign",
        "confirmation",
        "parent__campaign",
        "parent__confirmation__supporter",
    )
    mine = due.filter(parent__confirmation__supporter=subscription.supporter)
    return list(mine.order_by("pk"))


def _mailed(comment, view, **kwargs):
    slug, language = comment.campaign.slug, comment.confirmation.language
    return absolute_reverse(f"comments:{view}", language, slug=slug, **kwargs)


def _permalink(comment, language):
    place = {"slug": comment.campaign.slug, "pk": comment.repeats_id or comment.pk}
    return absolute_reverse("comments:comment", language, **place)
