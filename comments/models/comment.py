import hmac
import secrets
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from comments import moderating, rules, tasks
from comments.models.subscription import CommentSubscription
from comments.models.thread import CONVERSATION, SHOWN, Thread
from comments.reasons import HIDING_REASONS
from comments.text import digest
from database import queue
from database.retention import months_ago
from pages.addresses import absolute_reverse
from safeguards.mailbox import Mailbox
from safeguards.redaction import holding, without_address
from supporters.acts import undecided
from supporters.models import Confirmation, Consent, SentMail, Supporter
from supporters.my_page.section import Section
from supporters.people.names import folded

WAITING = Q(shown_at=None, hidden_at=None, removed_at=None)


STATES = {
    "waiting": _("waits for a moderator"),
    "shown": _("on the page"),
    "hidden": _("hidden by a moderator"),
    "removed": _("deleted"),
}


class CommentsClosed(Exception):
    """The thread takes no more comments: its campaign has ended, or it was closed."""


class NothingToAnswer(Exception):
    """The comment that was answered does not show any more."""


class CommentQuerySet(models.QuerySet):
    def visible(self):
        """What readers see: shown, or "removed by its writer" where it was shown."""
        return self.filter(SHOWN)

    def conversations(self):
        """First comments that have a place in the thread."""
        return self.filter(CONVERSATION)

    def waiting(self):
        """Never decided, or edited since: a moderator looks at them first."""
        return self.filter(WAITING)

    def undecided(self, before):
        """Waiting since before this moment, and never decided as they stand."""
        return self.waiting().filter(queued_at__lt=before)

    def queued(self):
        """What waits for a moderator, likely spam last: the desk's order."""
        return self.filter(queued_at__isnull=False).order_by(
            "spam_points", "queued_at", "pk"
        )

    def of_supporter(self, supporter):
        return self.filter(confirmation__supporter=supporter)

    def for_my_page(self):
        rows = self.select_related("campaign", "confirmation__supporter")
        return rows.order_by("-pk")

    def stop_mails(self):
        """All at once; what each asked for stays, so that they can begin again."""
        writers = Supporter.objects.filter(confirmations__comments__in=self)
        for writer in writers.distinct():
            CommentSubscription.objects.of(writer).stop()

    def to_empty(self):
        """Spam of KEEP_SPAM_DAYS ago, what nobody has decided on, and what never shows
        of campaigns long over."""
        spam = timezone.now() - timedelta(days=settings.KEEP_SPAM_DAYS)
        ended = Campaign.objects.ended_before(months_ago(settings.KEEP_SIGNERS_MONTHS))
        return self.filter(
            Q(hidden_for="spam", hidden_at__lt=spam)
            | Q(pk__in=self.undecided(undecided.too_long_ago()).values("pk"))
            | Q(campaign__in=ended) & (~Q(hidden_at=None) | Q(shown_at=None)),
            removed_at=None,
        )

    def empty(self):
        """Remove each; returns how many."""
        number = 0
        for comment in self.select_related("campaign").iterator(chunk_size=500):
            comment.remove()
            number += 1
        return number

    def with_old_network_hash(self):
        limit = timezone.now() - timedelta(days=settings.KEEP_NETWORK_HASH_DAYS)
        return self.filter(written_at__lt=limit).exclude(network_hash="")

    def forget_network(self):
        return self.update(network_hash="")

    def erase(self):
        """Each "removed by its writer", and the key in its mails opens nothing."""
        pks = list(self.values_list("pk", flat=True))
        Comment.objects.filter(pk__in=pks).empty()
        Comment.objects.filter(pk__in=pks).update(mail_key=None)

    def take_out_address(self, email):
        """An address that was erased, out of what others wrote and of what was
        decided about that."""
        fields = ("name", "text", "appeal", "hidden_words", "findings")
        found = holding(email, *fields, "moderations__before")
        for pk in sorted(set(self.filter(found).values_list("pk", flat=True))):
            with Comment.objects.get(pk=pk).locked() as (_thread, comment):
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
                gettext("written"): row.written_at.isoformat(),
                gettext("edited"): row.edited_at and row.edited_at.isoformat(),
                gettext("appeal"): row.appeal,
                gettext("mails about it"): row.wants_news,
                gettext("mails about replies"): row.wants_replies,
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
            SHOWN,
            writer=writer,
            approved_at__isnull=False,
            confirmation__used_at__isnull=False,
        )

    def for_mail_token(self, token):
        return self._of(Confirmation.objects.for_mail_token(token))

    def for_page_token(self, token):
        return self._of(Confirmation.objects.for_page_token(token))

    def details_of(self, supporter, campaign):
        """The name of a supporter's newest comment; comments ask for no place."""
        name = (
            self.of_supporter(supporter)
            .filter(confirmation__used_at__isnull=False, removed_at=None)
            .order_by("-pk")
            .values_list("name", flat=True)
            .first()
        )
        return (name, "") if name else None

    def _of(self, confirmation):
        comment = self.select_related("campaign", "parent").get(
            confirmation=confirmation
        )
        comment.confirmation = confirmation
        return comment

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
        consents=(),
        language,
        page,
        network_hash="",
        proven=None,
    ):
        """Take a comment; it waits for a moderator unless its writer is known.

        Shown at once only when `proven`, the supporter that the browser's cookie
        names, has this very address and, under this very name, a comment that a
        moderator approved, and no rule found anything (decision 12): a typed address
        proves nothing, and neither does a name. `consents` are (kind, exact words,
        version). Raises CommentsClosed, NothingToAnswer.
        """
        thread = Thread.objects.of(campaign)
        if not thread.is_open:
            raise CommentsClosed
        if parent and not self.visible().filter(pk=parent.pk).exists():
            raise NothingToAnswer
        with transaction.atomic():
            confirmation = Confirmation.objects.create(
                supporter=Supporter.objects.with_address(email),
                campaign=campaign,
                kind="comment",
                language=language,
            )
            comment = self.model(
                campaign=campaign,
                parent=parent,
                root_id=parent and (parent.root_id or parent.pk),
                confirmation=confirmation,
                name=name,
                writer=writer_hash(email, name),
                written_at=timezone.now(),
                wants_news=wants_news,
                wants_replies=wants_replies,
                network_hash=network_hash,
            )
            Consent.objects.record(confirmation, consents, page)
            is_proven = proven == confirmation.supporter
            if is_proven:
                comment.confirm()
            comment._take(text, findings, proven)
            comment.save()
            if comment.shown_at:
                thread = Thread.objects.locked(campaign.pk)
                thread.recount(*filter(None, [comment.root_id]))
                comment.tell_later()
            elif comment.wants_mail and not is_proven:
                comment.ask_later()
        return comment


def writer_hash(email, name):
    """Tells whether two comments are of one mailbox and under one name."""
    who = f"{Mailbox(email).seat}\n{folded(name) or name.casefold()}"
    secret = b"writer" + settings.SECRET_KEY.encode()
    return hmac.digest(secret, who.encode(), sha256)[:16].hex()


def make_key():
    return secrets.token_urlsafe(16)


class Comment(models.Model):
    """What somebody wrote under a campaign; plain text.

    `root` is the first comment of the conversation (empty on that comment itself), so
    that a page of whole conversations is one look-up in the (campaign, root, id) index.

    Waiting until a moderator shows or hides it; `queued_at` says since when something
    about it waits for a moderator: the comment itself, a report, an appeal.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="comments"
    )
    root = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conversation",
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    confirmation = models.ForeignKey(
        Confirmation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    is_answer = models.BooleanField(_("answer of the campaign"), default=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    text = models.TextField(
        _("text"), max_length=10_000, blank=True, help_text=_("Empty when it was lost.")
    )
    # Of the text without case, space and punctuation, to find one that comes again.
    text_digest = models.CharField(max_length=32, blank=True, editable=False)
    network_hash = models.CharField(max_length=32, blank=True, editable=False)
    # A keyed hash of mailbox and name: an approval is for both together.
    writer = models.CharField(
        max_length=32, blank=True, default="", db_default="", editable=False
    )
    wants_news = models.BooleanField(_("wants to know when it shows"), default=False)
    wants_replies = models.BooleanField(_("wants to know of replies"), default=False)
    # In mails only: whoever has it is the owner of the address.
    mail_key = models.CharField(
        max_length=22, unique=True, null=True, default=make_key, editable=False
    )

    written_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    # Changes with each edit and decision, so that nobody decides on what they have
    # not seen.
    version = models.PositiveIntegerField(default=1, editable=False)

    findings = models.JSONField(_("what the rules found"), default=list, blank=True)
    spam_points = models.PositiveSmallIntegerField(_("spam points"), default=0)
    queued_at = models.DateTimeField(_("waits since"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    claimed_at = models.DateTimeField(null=True, blank=True)

    shown_at = models.DateTimeField(_("shown since"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden since"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hidden by"),
    )
    hidden_for = models.CharField(_("hidden because"), max_length=10, blank=True)
    hidden_words = models.TextField(_("own words"), max_length=2000, blank=True)
    removed_at = models.DateTimeField(_("removed by its writer"), null=True, blank=True)
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True)
    first_decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    appealed_at = models.DateTimeField(_("appealed"), null=True, blank=True)
    appeal = models.TextField(_("appeal"), max_length=2000, blank=True)
    appeal_decided_at = models.DateTimeField(null=True, blank=True)
    # granted, upheld, or withdrawn by an edit; empty while nobody has decided.
    appeal_outcome = models.CharField(max_length=10, blank=True, editable=False)
    reply_count = models.PositiveIntegerField(default=0, editable=False)
    # Which state the writer, and which reply the other writer, has been told of.
    writer_told = models.CharField(max_length=40, blank=True, editable=False)
    reply_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Told then, together with others, to who wants them once a day or a week.
    reply_due_at = models.DateTimeField(null=True, blank=True, editable=False)

    standing_key = "mail_key"
    objects = CommentQuerySet.as_manager()
    my_page = Section("comments", _("Your comments"), "comments/_mine.html")

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index("campaign", "root", "id", name="conversations"),
            models.Index("root", "id", condition=SHOWN, name="shown_replies"),
            models.Index(
                "campaign",
                "id",
                condition=CONVERSATION & Q(pinned_at=None),
                name="shown_conversations",
            ),
            models.Index(
                "spam_points",
                "queued_at",
                "id",
                condition=Q(queued_at__isnull=False),
                name="comments_queue",
            ),
            models.Index("campaign", "text_digest", name="comments_by_text"),
            models.Index("written_at", name="comments_by_time"),
            models.Index(
                "writer",
                condition=Q(approved_at__isnull=False) & ~Q(writer=""),
                name="approved_writers",
            ),
            models.Index(
                "reply_due_at",
                condition=Q(reply_due_at__isnull=False, reply_told_at=None),
                name="replies_to_tell",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(root=None, parent=None)
                | Q(root__isnull=False, parent__isnull=False),
                name="reply_has_a_parent_and_a_root",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_for="")
                | Q(hidden_at__isnull=False) & ~Q(hidden_for=""),
                name="hidden_comment_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(text="", name="", confirmation=None),
                name="removed_comment_is_empty",
            ),
            models.CheckConstraint(
                condition=~WAITING | Q(queued_at__isnull=False),
                name="waiting_comment_is_queued",
            ),
            models.CheckConstraint(
                condition=Q(pinned_at=None) | Q(root=None),
                name="only_first_comments_are_pinned",
            ),
        ]

    def __str__(self):
        return f"{self.name}: {self.text[:60]}" if self.text else self.name

    def get_absolute_url(self):
        """The permalink, which leads to the page of the thread where it stands."""
        return self._url("comment", pk=self.pk)

    @property
    def initials(self):
        """One or two letters for the round mark beside the comment."""
        words = ["".join(filter(str.isalnum, word)) for word in self.name.split()]
        words = [word for word in words if word]
        if not words:
            return "?"
        if len(words) == 1:
            return words[0][:2].upper() if words[0].isupper() else words[0][0].upper()
        return (words[0][0] + words[-1][0]).upper()

    @property
    def is_shown(self):
        """Whether readers can read it; the same rule as `visible()`, less removed."""
        return bool(self.shown_at and not self.hidden_at and not self.removed_at)

    @property
    def is_waiting(self):
        return not (self.shown_at or self.hidden_at or self.removed_at)

    @property
    def state(self):
        """waiting, shown, hidden or removed."""
        if self.removed_at:
            return "removed"
        if self.hidden_at:
            return "hidden"
        return "shown" if self.shown_at else "waiting"

    @property
    def state_words(self):
        return STATES[self.state]

    @property
    def reason(self):
        """Why it is hidden, in words for its writer."""
        return HIDING_REASONS.get(self.hidden_for, "")

    @property
    def wants_mail(self):
        return self.wants_news or self.wants_replies

    @property
    def asks_for_mail(self):
        """Whether a confirmation mail was sent or is on its way.

        The same before and after its owner says yes: whoever typed the address learns
        nothing here of what its owner did.
        """
        if self.confirmation.issue:
            return True
        return self.wants_mail and not self.confirmation.used_at

    @property
    def is_suspect(self):
        """Whether it came like a program's: its address may be anybody's."""
        found = {rule for rule, _detail in self.findings}
        return bool(found & {"flood", "domain", "honeypot"})

    @property
    def is_held(self):
        """Whether its address gets no mail before a moderator has looked."""
        return self.is_waiting and self.is_suspect

    @property
    def minutes_to_edit(self):
        return settings.COMMENT_EDIT_MINUTES

    @property
    def may_edit_until(self):
        return self.written_at + timedelta(minutes=self.minutes_to_edit)

    @property
    def may_edit(self):
        """Whether the page after posting still lets its writer change it."""
        return timezone.now() < self.may_edit_until and self.state in (
            "waiting",
            "shown",
        )

    @property
    def is_as_posted(self):
        """Whether its words may be those of the page after posting.

        What is written later is written behind the mailbox, and who typed its address
        has no right to read that.
        """
        return self.edited_at is None or self.edited_at <= self.may_edit_until

    @property
    def may_resubmit(self):
        """Whether the writer's page lets them write it anew, to be looked at again."""
        return not self.removed_at and self.hidden_for != "spam"

    @property
    def may_appeal(self):
        """Once, and only against a decision that stands."""
        return bool(self.hidden_at and not self.removed_at and not self.appealed_at)

    @property
    def appeal_waits(self):
        return bool(self.appealed_at and not self.appeal_decided_at and self.hidden_at)

    @property
    def has_open_reports(self):
        return self.reports.filter(answered_at=None).exists()

    @property
    def waits_since(self):
        """Since when a moderator is to look at it, from what is the case; or None."""
        if self.removed_at:
            return None
        if self.is_waiting:
            return self.edited_at or self.written_at
        if self.appeal_waits:
            return self.appealed_at
        reports = self.reports.filter(answered_at=None).order_by("reported_at")
        return reports.values_list("reported_at", flat=True).first()

    @property
    def undecided_since(self):
        """Since when it waits for its first decision as it stands, or None."""
        return self.queued_at if self.is_waiting else None

    @property
    def language(self):
        return (
            self.confirmation.language if self.confirmation else self.campaign.language
        )

    @property
    def inbox_url(self):
        """The page after posting, for the browser that wrote it."""
        return self._url("inbox", token=self.confirmation.page_token)

    @property
    def writer_url(self):
        """The writer's page, behind links in mails only."""
        return self._url("writer", key=self.mail_key)

    done_url = writer_url

    @cached_property
    def subscription(self):
        """The writer's subscription; they need a confirmed address."""
        return CommentSubscription.objects.of(self.confirmation.supporter)

    def ask_later(self, *, insists=False):
        """Queue the confirmation mail, in the transaction that is running.

        `insists`: somebody pressed the button for just this mail, so that it goes out
        also to who has stopped the others.
        """
        tasks.ask_writer.defer(comment_pk=self.pk, insists=insists)

    def ask_at(self, email, held_for=""):
        """Mail the question again, to this address."""
        with transaction.atomic():
            if self.confirmation.change_address(email):
                self._look_at_address(email, held_for)
                # What moderators have approved stays, and vouches for nobody else.
                self.writer, self.approved_at = writer_hash(email, self.name), None
                self.version = F("version") + 1
                changed = ["findings", "spam_points", "writer", "approved_at"]
                self.save(update_fields=[*changed, "version"])
            self.ask_later(insists=True)

    def ask(self, *, insists=False):
        """Mail the button and the code; nothing that a visitor typed is in it.

        Raises what Confirmation.send() raises.
        """
        if self.removed_at or self.is_held or self.hidden_for == "spam":
            return
        if self.subscription.stopped_at and not insists:
            return
        template = "comment_yours" if self.confirmation.used_at else "confirm_comment"
        stop_url = self.subscription.stop_url(self.language)
        context = {**self.mail_context(), "stop_url": stop_url}
        self.confirmation.send(template, context)

    def confirm(self):
        """The owner of the address says that they wrote it. Safe to call twice.

        It does not show the comment: that is a moderator's decision.
        """
        with transaction.atomic():
            if self.confirmation.use() and self.wants_mail:
                self.subscription.resume(self.campaign.get_absolute_url())

    def edit(self, text, findings, *, proven=None):
        """Write it anew; a moderator looks at it again. False when it is gone.

        Shown at once again only when it was shown at once before and nobody has had a
        reason to look at it: no decision, no report, no appeal. What a moderator has
        decided is not undone by its writer.
        """
        with self.locked() as (thread, comment):
            if not (comment.may_edit or comment.may_resubmit):
                return False
            is_untouched = comment.first_decided_at is None and not (
                comment.hidden_at or comment.appealed_at or comment.has_open_reports
            )
            if comment.appeal_waits:
                comment.appeal_decided_at = timezone.now()
                comment.appeal_outcome = "withdrawn"
            comment.shown_at = comment.hidden_at = comment.approved_at = None
            comment.hidden_by, comment.hidden_for, comment.hidden_words = None, "", ""
            comment.pinned_at = None
            comment.edited_at, comment.writer_told = timezone.now(), ""
            comment._take(text, findings, proven if is_untouched else None)
            comment.save()
            thread.recount(comment.root_id or comment.pk)
        self.refresh_from_db()
        return True

    def appeal_against(self, words):
        """Ask another moderator to decide, once. False when there is nothing to."""
        with self.locked() as (_thread, comment):
            if not comment.may_appeal:
                return False
            comment.appeal, comment.appealed_at = words, timezone.now()
            comment.queued_at, comment.spam_points = comment.appealed_at, 0
            comment.version += 1
            comment.save()
        self.refresh_from_db()
        return True

    def remove(self):
        """Empty it for its writer; its place stays where it showed. Twice is the same.

        The row stays, without anything of its writer, so that the thread stands and
        the numbers of the public page remain true.
        """
        with self.locked() as (thread, comment):
            if comment.removed_at is None:
                comment.removed_at = timezone.now()
                comment.name = comment.text = comment.text_digest = ""
                comment.writer = ""
                comment.network_hash = comment.appeal = comment.hidden_words = ""
                comment.confirmation = comment.queued_at = comment.claimed_by = None
                comment.wants_news = comment.wants_replies = False
                comment.findings, comment.pinned_at = [], None
                comment.version += 1
                comment.save()
                comment.reports.all().delete()
                comment.moderations.filter(act="note").delete()
                comment.moderations.update(before=None, words="")
                thread.recount(comment.root_id or comment.pk)
        self.refresh_from_db()

    def report(self, *, reason, words, network_hash):
        """Note what a reader finds wrong; one open report a network. Queues it."""
        with self.locked() as (_thread, comment):
            is_news = not (
                network_hash
                and comment.reports.filter(
                    network_hash=network_hash, answered_at=None
                ).exists()
            )
            if comment.is_shown and is_news:
                report = comment.reports.create(
                    reason=reason,
                    words=words,
                    network_hash=network_hash,
                    reported_at=timezone.now(),
                )
                comment.queued_at = comment.queued_at or report.reported_at
                comment.version += 1
                comment.save(update_fields=["queued_at", "version"])

    def locked(self):
        """A transaction with (thread, this comment read anew), both locked."""
        return _locked(self)

    def moderated_by(self, moderator):
        """What this moderator may do with it; see comments/moderating.py."""
        return moderating.Moderating(self, moderator)

    def tell_later(self):
        """Queue the mails that follow from its state, a few minutes ahead.

        The wait is for the moderator's second thought: what is undone within it
        reaches nobody's inbox. Jobs for one comment never run at the same time, so
        that nobody is told twice; one that fails does not hold up the other.
        """
        wait = timedelta(minutes=settings.COMMENT_NOTICE_MINUTES)
        start = queue.at(timezone.now() + wait)
        for task in (tasks.tell_writer, tasks.tell_of_reply):
            later = task.configure(schedule_at=start, lock=f"{task.name} {self.pk}")
            later.defer(comment_pk=self.pk)

    def send(self, template, context):
        """Mail its writer, with the link that stops such mails.

        An address that the relay refuses for good gets none, now and later.
        """
        stop_url = self.subscription.stop_url(self.language)
        SentMail.objects.send(
            self.confirmation.supporter,
            template,
            {**self.mail_context(), "stop_url": stop_url, **context},
            language=self.language,
            campaign=self.campaign,
        )

    @property
    def mailed_url(self):
        """Its permalink, for mails."""
        return self._mailed("comment", pk=self.pk)

    def mail_context(self):
        """What every mail about it needs: addresses, and nothing that was typed."""
        campaign = self.campaign
        context = {
            "campaign": campaign,
            "wants_mail": self.wants_mail,
            "campaign_url": absolute_reverse(
                "campaigns:campaign", self.language, slug=campaign.slug
            ),
            "rules_url": absolute_reverse("comments:rules", self.language),
            "writer_url": self._mailed("writer", key=self.mail_key),
            "comment_url": self.mailed_url,
        }
        if not self.confirmation.used_at:
            token = self.confirmation.mail_token
            context["confirmation_url"] = self._mailed("confirmation", token=token)
        return context

    def _look_at_address(self, email, held_for):
        """Note what is found about an address that came after the form."""
        found = rules.blocked_address(email)
        if held_for and not found:
            found = rules.Finding(held_for)
        if found and found.as_row not in self.findings:
            self.findings = [*self.findings, found.as_row]
            self.spam_points += found.points

    def _take(self, text, findings, proven):
        """Text and findings, and what follows: shown at once, or queued."""
        self.text, self.text_digest = text, digest(text)
        self.findings = [finding.as_row for finding in findings]
        self.spam_points = sum(finding.points for finding in findings)
        self.version += 1
        vouching = Comment.objects.of_approved_writer(self.writer).exclude(pk=self.pk)
        is_known = proven == self.confirmation.supporter and vouching.exists()
        if is_known and not any(finding.holds for finding in findings):
            self.shown_at, self.queued_at = timezone.now(), None
        else:
            self.queued_at = self.edited_at or self.written_at

    def _url(self, view, **kwargs):
        kwargs = {"slug": self.campaign.slug, **kwargs}
        return reverse(f"comments:{view}", kwargs=kwargs)

    def _mailed(self, view, **kwargs):
        slug = self.campaign.slug
        return absolute_reverse(f"comments:{view}", self.language, slug=slug, **kwargs)


@contextmanager
def _locked(comment):
    """A transaction with the comment, read anew, and its thread; both are locked.

    Always the thread first, so that no two requests wait for each other.
    """
    with transaction.atomic():
        thread = Thread.objects.locked(comment.campaign_id)
        found = Comment.objects.select_for_update(no_key=True)
        locked = found.get(pk=comment.pk)
        locked.campaign = thread.campaign = comment.campaign
        yield thread, locked
