"""Which comments a page or a rule is about, and the verbs on all of them."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from campaigns.models import Campaign
from comments import repeats
from comments.models.thread import Thread
from comments.state import CONVERSATION, READABLE, VISIBLE, WAITING, CommentState
from comments.writing import writer_hash
from database.retention import months_ago
from pages.scripts import language_of
from safeguards.redaction import containing, without_address
from safeguards.same_words import digest
from supporters.acts.act import ActQuerySet, TooLate
from supporters.acts.confirmations import hash_of_words
from supporters.acts.holding import too_long_ago
from supporters.acts.posting import Posting
from supporters.models import Because, Consent


class CommentsClosed(TooLate):
    """The thread takes no more comments: its campaign has ended, or it was closed."""


class NothingToAnswer(Exception):
    """The comment that was answered does not show any more."""


def _language_of(text, said):
    """That of the page, unless its letters are of another language of the site."""
    found = language_of(text, said)
    return found if found in dict(settings.LANGUAGES) else said


class CommentQuerySet(ActQuerySet):
    def visible(self):
        """Comments that readers see: shown, or shown once and removed by the writer."""
        return self.filter(VISIBLE)

    def readable(self):
        """Comments of which readers see the words."""
        return self.filter(READABLE)

    def conversations(self):
        """First comments that have a place in the thread."""
        return self.filter(CONVERSATION)

    def waiting(self):
        """Comments that were never decided on, or were edited since."""
        return self.filter(WAITING)

    def undecided(self, before):
        """Comments waiting since before this moment, never decided on in this form."""
        return self.waiting().filter(queued_at__lt=before)

    def but_repeats(self):
        """Without comments that repeat what another one has just said (repeats.py)."""
        return self.filter(repeats=None)

    def written_here(self):
        """Without comments that came from another site with their page."""
        return self.filter(imported=None)

    def settled_repeats(self):
        """Repeats that were decided on or removed, and can be confirmed no more.

        What repeats a comment that shows already needs no decision.
        """
        limit = timezone.now() - timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        return self.filter(
            ~Q(state=CommentState.WAITING) | Q(repeats__shown_at__isnull=False),
            repeats__isnull=False,
            created_at__lt=limit,
        )

    def queued(self):
        """Comments that wait for a moderator, in the desk's order: likely spam last."""
        return self.filter(queued_at__isnull=False).order_by(
            "spam_points", "turn", "queued_at", "pk"
        )

    def in_languages(self, codes):
        """Comments in one of these languages; all of them if there is none of these."""
        own = Q(written_in="", campaign__language__in=codes)
        return self.filter(own | Q(written_in__in=codes)) if codes else self

    def for_my_page(self):
        rows = self.select_related("campaign", "confirmation__supporter")
        return rows.order_by("-pk")

    def causing_mails(self):
        return self.filter(Q(wants_news=True) | Q(wants_replies=True))

    def unsubscribe(self, because, words=""):
        """Take back the wish for mails, unless the reason is that mail came back."""
        if Because(because).takes_consent_back:
            given = Consent.objects.filter(confirmation__comments__in=self)
            given.exclude(kind="comment").note_withdrawal()
            self.update(wants_news=False, wants_replies=False)

    def to_empty(self):
        """Comments whose words are over their period.

        These are spam after KEEP_SPAM_DAYS, comments that their owners have denied some
        days ago, comments that nobody has decided on for too long, and comments that do
        not show under campaigns that ended long ago.
        """
        denied = timezone.now() - timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        spam = timezone.now() - timedelta(days=settings.KEEP_SPAM_DAYS)
        ended = Campaign.objects.ended_before(months_ago(settings.KEEP_SIGNERS_MONTHS))
        return self.filter(
            Q(hidden_for="spam", hidden_at__lt=spam)
            | Q(confirmation__denied_at__lt=denied)
            | Q(pk__in=self.undecided(too_long_ago()).values("pk"))
            | Q(
                campaign__in=ended,
                state__in=(CommentState.HIDDEN, CommentState.WAITING),
            ),
        ).exclude(state=CommentState.REMOVED)

    def empty(self):
        """Remove each; returns how many."""
        number = 0
        for comment in self.select_related("campaign").iterator(chunk_size=500):
            comment.remove()
            number += 1
        return number

    def erase(self):
        """Make each "removed by its writer". Keys in their mails open nothing then."""
        pks = list(self.values_list("pk", flat=True))
        self.model.objects.filter(pk__in=pks).empty()
        self.model.objects.filter(pk__in=pks).update(mail_key=None)

    def discard(self):
        """Do not delete the rows: a comment has a place in its thread, which stays."""
        return self.erase()

    def take_out_address(self, email):
        """Remove an erased address from what others wrote, and from its decisions."""
        fields = ("name", "text", "appeal", "hidden_words", "findings")
        found = containing(email, *fields, "moderations__before")
        for pk in sorted(set(self.filter(found).values_list("pk", flat=True))):
            with self.model.objects.get(pk=pk).locked() as (_thread, comment):
                for field in fields:
                    clean = without_address(getattr(comment, field), email)
                    setattr(comment, field, clean)
                comment.text_digest = digest(comment.text)
                comment.version += 1
                comment.save()
                for log in comment.moderations.filter(before__isnull=False):
                    log.before = without_address(log.before, email)
                    log.save(update_fields=["before"])

    def export(self):
        rows = self.select_related("campaign", "confirmation").order_by("pk")
        return [
            {
                gettext("campaign"): row.campaign.full_title,
                gettext("name"): row.name,
                gettext("text"): row.text,
                gettext("state"): str(row.state_words),
                gettext("written"): row.created_at.isoformat(),
                pgettext("comment", "edited"): row.edited_at
                and row.edited_at.isoformat(),
                gettext("appeal"): row.appeal,
                gettext("emails about it"): row.wants_news,
                gettext("emails about replies"): row.wants_replies,
            }
            for row in rows
        ]

    def consent_withdrawn(self, kind):
        """Stop the mails, or remove what was agreed to be shown."""
        match kind:
            case "comment":
                self.empty()
            case "comment news":
                self.update(wants_news=False)
            case "comment replies":
                self.update(wants_replies=False)

    def of_approved_writer(self, writer):
        """Comments that vouch for a writer: approved, still shown, and confirmed.

        `writer` is Comment.writer: the mailbox and the name together.
        """
        return self.filter(
            READABLE,
            writer=writer,
            first_decided_at__isnull=False,
            confirmation__used_at__isnull=False,
        )

    def for_pages(self):
        return self.select_related("parent")

    def details_of(self, supporter, campaign):
        """The name of a supporter's newest comment; comments do not ask for a place."""
        name = (
            self.of_supporter(supporter)
            .filter(confirmation__used_at__isnull=False)
            .exclude(state=CommentState.REMOVED)
            .order_by("-pk")
            .values_list("name", flat=True)
            .first()
        )
        return (name, "") if name else None

    def write(
        self,
        campaign,
        *,
        name,
        email,
        text,
        findings,
        parent=None,
        wants_news=False,
        wants_replies=False,
        network_hash="",
        thread=None,
        insists=False,
        **posted,
    ):
        """Take a comment; it waits for a moderator unless its writer is known.

        It is always a new row with a page of its own, even if the words were said
        before (repeats.py), so that no answer tells which it was. The row alone knows,
        if its address is not proven. `thread` is the campaign's, if the caller has just
        read it. `insists` says that its writer has asked for the question.

        A comment shows at once only if all this is true: its address is proven
        (Posting); a moderator approved a comment of this address under this exact name;
        and no rule found anything (decision 9). A typed address proves nothing, and
        neither does a name. Posting explains what is `posted`. Raises CommentsClosed,
        NothingToAnswer.
        """
        thread = thread or Thread.objects.of(campaign)
        if not thread.is_open:
            raise CommentsClosed
        if parent and not self.visible().filter(pk=parent.pk).exists():
            raise NothingToAnswer
        answered = parent and parent.pk
        said = hash_of_words(answered, name, text, wants_news, wants_replies)
        posting = Posting(self.model, campaign, email=email, said=said, **posted)
        comment = self.model(
            campaign=campaign,
            parent=parent,
            root_id=parent and (parent.root_id or parent.pk),
            confirmation=posting.confirmation,
            name=name,
            writer=writer_hash(email, name),
            text=text,
            text_digest=digest(text),
            written_in=_language_of(text, posted["language"]),
            created_at=timezone.now(),
            wants_news=wants_news,
            wants_replies=wants_replies,
            network_hash=network_hash,
        )
        question = "comment_question_again" if insists else ""
        if not posting.is_proven:
            if comment.wants_mail:
                question = question or "comment_question"
            comment.by_writer.take(findings, is_known=False)
            # The database looks whether it is a repeat.
            posting.store(comment, question=question)
            return comment
        with transaction.atomic():
            # Locked in the order in which that statement locks what is stored.
            posting.lock_mailbox()
            is_known = comment.by_writer.is_vouched_for
            if is_known:  # locked before the rows of comments, as everywhere
                thread = Thread.objects.locked(campaign.pk)
            first = repeats.first_of(comment)
            if first:  # one comment, and no second one with the same text
                findings = [each for each in findings if each.rule != "duplicate"]
            comment.by_writer.take(findings, is_known=is_known)
            repeats.settle(comment, first)
            posting.store(comment, question=question)
            comment.confirm()
            if comment.is_shown:
                thread.recount(*filter(None, [comment.root_id]))
                comment.mails.tell_later()
        return comment
