"""The mails about comments: to their writers, and to those whom they answer.

Each mail tells the state at the time of writing, a few minutes after the decision.
"""

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.state import READABLE, CommentState
from comments.statement import Statement
from outbox.models import Outcome
from outbox.purposes import Nothing, register
from pages.addresses import absolute_reverse
from supporters.acts.mails import Question, ToSupporter
from supporters.acts.stopping import stop_url

# What the link of these mails stops; nobody takes it for the comment.
STOPS = _("Unsubscribe from emails about comments")
# The purpose by which its writer stops all mails about comments.
NEWS = "comment_news"
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
            "stop_url": stop_url(comment.confirmation.supporter, NEWS, language),
            "stops": STOPS,
        }
        if not comment.confirmation.used_at:
            token = comment.confirmation.link_key
            context["confirmation_url"] = _mailed(comment, "confirmation", token=token)
        return context

    def is_refused(self, comment):
        """Whether its writer wants no mails about comments."""
        return comment.confirmation.supporter.refuses(NEWS)


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
        if not self.insists and (comment.is_hidden or self.is_refused(comment)):
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

    name = NEWS
    title = _("Emails about comments")
    titles = {
        "comment_shown": _("Your comment is on the page"),
        "comment_hidden": _("Your comment is hidden"),
    }
    is_stoppable = True

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
        if self.is_refused(comment):
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
        if not is_asked or is_of_a_program or self.is_refused(comment):
            raise Nothing
        return "comment_hidden_confirm", self.context(comment)


@register
class RepliesToComment(ToCommenter):
    """The replies to one comment of which its writer has not been told yet."""

    name = "replies_to_comment"
    title = _("Replies to your comments")
    titles = {"comment_replies": _("A reply to your comment")}

    def write(self, comment, mail):
        replies = replies_to_tell(comment)
        if not self._is_wanted(comment):
            replies.update(reply_told_at=Now())
            raise Nothing
        found = list(replies.select_related("confirmation").order_by("pk"))
        if not found:
            raise Nothing
        mail.replies = {reply.pk: reply.version for reply in found}
        for reply in found:  # whatever language has its writer
            reply.campaign = comment.campaign
            reply.mailed_url = _permalink(reply, comment.confirmation.language)
        told = {"replies": found, "number": len(found)}
        return "comment_replies", {**self.context(comment), **told}

    def may_leave(self, mail):
        """Whether no reply has changed, and the reader still wants such mails.

        A reply that was changed, hidden or removed since the mail was written counts.
        """
        rows = Comment.objects.filter(pk__in=mail.replies).order_by("pk")
        is_owned = super().may_leave(mail)
        list(rows.select_for_update(no_key=True).values_list("pk"))
        comment = self.rows().filter(pk=mail.about, confirmation__isnull=False).first()
        if comment is None or not (is_owned and self._is_wanted(comment)):
            return False
        same = replies_to_tell(comment).filter(pk__in=mail.replies)
        return dict(same.values_list("pk", "version")) == mail.replies

    def retry(self, mail):
        """Nothing is left to send: the replies were settled with the mail."""
        return False

    def settled(self, mail):
        super().settled(mail)
        if hasattr(mail, "replies"):
            told = Comment.objects.filter(pk__in=mail.replies)
            told.update(reply_told_at=Now())

    def _is_wanted(self, comment):
        """Whether the comment shows, and its writer wants to be told of replies."""
        is_asked = comment.wants_replies and comment.confirmation.used_at
        return comment.is_shown and is_asked and not self.is_refused(comment)


def news_of(comment):
    """What there is to tell a comment's writer, as a word and a number; or ""."""
    if comment.is_hidden:
        hiding = comment.moderations.filter(
            decision__in=("hide", "uphold"), undone_at=None
        ).first()
        is_upheld = hiding is not None and hiding.decision == "uphold"
        return f"{'upheld' if is_upheld else 'hidden'} {hiding and hiding.pk}"
    return "shown" if comment.state == CommentState.SHOWN else ""


def replies_to_tell(comment):
    """Replies to a comment, by others, of which its writer was not told."""
    replies = Comment.objects.filter(READABLE, parent=comment, reply_told_at=None)
    return replies.exclude(confirmation__supporter=comment.confirmation.supporter_id)


def _mailed(comment, view, **kwargs):
    slug, language = comment.campaign.slug, comment.confirmation.language
    return absolute_reverse(f"comments:{view}", language, slug=slug, **kwargs)


def _permalink(comment, language):
    place = {"slug": comment.campaign.slug, "pk": comment.repeats_id or comment.pk}
    return absolute_reverse("comments:comment", language, **place)
