from contextlib import contextmanager

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from comments import moderating, repeats, reports, retention, writing
from comments.consents import CONSENTS
from comments.models.queryset import CommentQuerySet
from comments.models.thread import Thread
from comments.queued_mails import Mails
from comments.reasons import WHY_HIDDEN
from comments.state import CONVERSATION, MOMENTS, VISIBLE, WAITING, CommentState, become
from comments.text import initials
from database.personal_data import PersonalData
from outbox.mailed_keys import StandingKey
from supporters.acts import refusals
from supporters.acts.act import Act, NotAsTyped
from supporters.acts.holding import posts_of
from supporters.my_page.section import Section
from supporters.notices.choices import NoticeDecision, Subject
from supporters.notices.models import USUAL, Report


def _key_of_moderator(words):
    """A key to an account; no index, which mostly helps when an account is deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=words,
    )


class Comment(Act):
    """What somebody wrote under a campaign, as plain text.

    `root` is the first comment of the conversation (empty on that comment itself), so
    that a page of whole conversations is one look-up in the (campaign, root, id) index.

    A comment waits until a moderator shows or hides it: `state`. `queued_at` says since
    when something about it waits for a moderator: the comment, a report, an appeal.
    """

    # Keys that most comments lack have a smaller index below.
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    root = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conversation",
        db_index=False,
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
        db_index=False,
    )
    # The comment that said the same first (repeats.py). With it, this one shows
    # nowhere.
    repeats = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="repeated_by",
        db_index=False,
    )
    answered_by = _key_of_moderator(_("answered by"))
    is_answer = models.BooleanField(_("answer of the campaign"), default=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    text = models.TextField(
        _("text"), max_length=10_000, blank=True, help_text=_("Empty if it was lost.")
    )
    # A digest of the text without case, space and punctuation, to find the same words.
    text_digest = models.CharField(max_length=32, blank=True, editable=False)
    network_hash = models.CharField(max_length=32, blank=True, editable=False)
    # A keyed hash of mailbox and name: an approval is for both together.
    writer = models.CharField(
        max_length=32, blank=True, default="", db_default="", editable=False
    )
    # That of the page on which it was written, unless its letters are of another one;
    # "" if it came without a page.
    written_in = models.CharField(
        _("language"), max_length=10, blank=True, default="", db_default=""
    )
    wants_news = models.BooleanField(_("wants an email when it appears"), default=False)
    wants_replies = models.BooleanField(_("wants emails about replies"), default=False)
    # This key stands in mails only, so whoever has it owns the address.
    mail_key = StandingKey(null=True)

    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    # Grows with each edit and decision, so that nobody decides on what they have not
    # seen.
    version = models.PositiveIntegerField(default=1, editable=False)

    state = models.CharField(
        _("state"),
        max_length=7,
        choices=CommentState,
        default=CommentState.WAITING,
        # Of the code before, which knows moments only; a trigger fills it in.
        db_default="",
    )
    findings = models.JSONField(_("what the rules found"), default=list, blank=True)
    spam_points = models.PositiveSmallIntegerField(_("spam points"), default=0)
    queued_at = models.DateTimeField(_("waits since"), null=True, blank=True)
    # Its place among those that wait; see comments/reports.py.
    turn = models.PositiveSmallIntegerField(
        default=USUAL, db_default=USUAL, editable=False
    )
    claimed_by = _key_of_moderator(_("taken by"))
    claimed_at = models.DateTimeField(null=True, blank=True)

    shown_at = models.DateTimeField(_("shown since"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden since"), null=True, blank=True)
    hidden_by = _key_of_moderator(_("hidden by"))
    hidden_for = models.CharField(_("hidden because"), max_length=10, blank=True)
    hidden_words = models.TextField(_("own words"), max_length=2000, blank=True)
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True)
    first_decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    appealed_at = models.DateTimeField(_("appealed"), null=True, blank=True)
    appeal = models.TextField(_("appeal"), max_length=2000, blank=True)
    # granted, upheld, or withdrawn by an edit; empty while nobody has decided.
    appeal_outcome = models.CharField(max_length=10, blank=True, editable=False)
    reply_count = models.PositiveIntegerField(default=0, editable=False)
    # The state of which the writer was told.
    writer_told = models.CharField(max_length=40, blank=True, editable=False)
    # When the writer whom it answers was told of it.
    reply_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="confirmation__supporter",
        identifies=("network_hash", "writer"),
        section=Section("comments", _("Your comments"), "comments/_mine.html"),
        consents=CONSENTS,
        unsubscribes=True,
        fills_in=True,
        texts=("name", "text", "appeal", "hidden_words", "findings"),
        take_out="take_out_address",
        about_nobody=("writer_told", "written_in"),
        kept=retention.KEPT,
    )
    called = _("A comment")
    counting = posts_of("comment")
    _take_off, _put_back = writing.take_off, writing.put_back
    report, become = reports.report, become

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index("campaign", "root", "id", name="conversations"),
            models.Index("root", "id", condition=VISIBLE, name="shown_replies"),
            models.Index(
                "campaign",
                "id",
                condition=CONVERSATION & Q(pinned_at=None),
                name="shown_conversations",
            ),
            models.Index(
                "spam_points",
                "turn",
                "queued_at",
                "id",
                condition=Q(queued_at__isnull=False),
                name="comments_queue",
            ),
            # A flood repeats the same words from one network; only one of them is in
            # this index.
            models.Index(
                "campaign",
                "text_digest",
                "network_hash",
                "created_at",
                condition=Q(repeats=None),
                name="comments_by_text",
            ),
            models.Index("created_at", name="comments_by_time"),
            # With their order, for a page shows the first few of very many.
            models.Index("root", "id", condition=~Q(root=None), name="replies_by_root"),
            models.Index("parent", condition=~Q(parent=None), name="replies_by_parent"),
            models.Index(
                "claimed_by", condition=~Q(claimed_by=None), name="claimed_comments"
            ),
            models.Index(
                "repeats", condition=Q(repeats__isnull=False), name="repeated_comments"
            ),
            models.Index(
                "writer",
                condition=Q(first_decided_at__isnull=False) & ~Q(writer=""),
                name="approved_writers",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mail_key"], name="one_comment_a_mail_key"),
            models.CheckConstraint(
                condition=Q(root=None, parent=None)
                | Q(root__isnull=False, parent__isnull=False),
                name="reply_has_a_parent_and_a_root",
            ),
            models.CheckConstraint(
                condition=MOMENTS, name="comment_has_the_moments_of_its_state"
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
        """The permalink, which leads to the page of the thread with the comment."""
        return self._url("comment", pk=self.repeats_id or self.pk)

    @property
    def initials(self):
        """One or two letters for the round mark beside the comment."""
        return initials(self.name)

    @property
    def is_shown(self):
        """Whether readers can read it."""
        return self.state == CommentState.SHOWN and not self.repeats_id

    @property
    def is_waiting(self):
        return self.state == CommentState.WAITING

    @property
    def is_hidden(self):
        return self.state == CommentState.HIDDEN

    @property
    def is_removed(self):
        return self.state == CommentState.REMOVED

    @property
    def state_words(self):
        if self.by_writer.is_denied:
            return _("its owner says: not theirs")
        return self.get_state_display()

    @property
    def reason(self):
        """Why it is hidden, in words for its writer."""
        return WHY_HIDDEN.get(self.hidden_for, "")

    @property
    def wants_mail(self):
        return self.wants_news or self.wants_replies

    @property
    def suspected_for(self):
        """The rule by which it seems to come from a program; or ""."""
        found = [rule for rule, _detail in self.findings if rule in repeats.SUSPECT]
        return found[0] if found else ""

    @property
    def is_suspect(self):
        """Whether it seems to come from a program; its address may be anybody's."""
        return bool(self.suspected_for)

    @property
    def is_held(self):
        """Whether its address gets no mail before a moderator has looked."""
        return self.is_waiting and self.is_suspect

    @property
    def appeal_waits(self):
        return bool(self.is_hidden and self.appealed_at and not self.appeal_outcome)

    @property
    def reports(self):
        """What was reported of it, notices of illegal content included."""
        return Report.objects.about(Subject.COMMENT, self.pk)

    @property
    def waits_since(self):
        """Since when it should wait for a moderator, by its present state; or None."""
        if self.is_removed:
            return None
        if self.is_waiting:
            return self.edited_at or self.created_at
        if self.appeal_waits:
            return self.appealed_at
        reports = self.reports.to_decide().order_by("received_at")
        return reports.values_list("received_at", flat=True).first()

    @property
    def undecided_since(self):
        """Since when it waits for its first decision in its present form, or None."""
        return self.queued_at if self.is_waiting else None

    @property
    def language(self):
        return self.written_in or self.campaign.language

    @property
    def inbox_url(self):
        """The page after posting, for the browser that posted it."""
        return self._url("inbox", token=self.confirmation.page_token)

    @property
    def writer_url(self):
        """The writer's page, to which only links in mails lead."""
        return self._url("writer", key=self.mail_key)

    done_url = writer_url

    def mail_question_later(self, *, insists=False):
        if insists or self.wants_mail:
            self.mails.mail_question_later(insists=insists)

    def _post(self, *, consents, **others):
        if not self.by_writer.is_as_posted:
            raise NotAsTyped
        agreed = {kind for kind, *_words in consents}
        answered = self.parent if self.parent_id and self.parent.is_shown else None
        return Comment.objects.write(
            self.campaign,
            name=self.name,
            text=self.text,
            parent=answered,
            wants_news="comment news" in agreed,
            wants_replies="comment replies" in agreed,
            consents=consents,
            insists=True,
            **others,
        )

    def confirm(self):
        """Note that the owner of the address wrote it. Safe to call twice.

        This does not show the comment: that is a moderator's decision. If it repeats
        the words of somebody else, it is a comment of its own from now on.
        """
        with transaction.atomic():
            if not self.confirmation.use():
                return
            if self.repeats_id:
                repeats.stand_alone(self)
            if self.wants_mail:
                supporter = self.confirmation.supporter
                supporter.resume("comment_news")
                refusals.write_again(supporter.email)

    def remove(self):
        """Empty it for its writer; its place stays where it showed. Safe to call twice.

        The row stays, without anything of its writer, so that the thread stays whole
        and the numbers of the public page stay true.
        """
        with self.locked() as (thread, comment):
            if not comment.is_removed:
                repeats.hand_on(comment)
                comment.become(CommentState.REMOVED)
                comment.name = comment.text = comment.text_digest = ""
                comment.writer = ""
                comment.network_hash = comment.appeal = comment.hidden_words = ""
                comment.confirmation = comment.queued_at = comment.claimed_by = None
                comment.wants_news = comment.wants_replies = False
                comment.findings = []
                comment.version += 1
                comment.save()
                comment.reports.notices().decide(NoticeDecision.GONE, by=None)
                comment.reports.of_readers().delete()
                comment.moderations.filter(decision="note").delete()
                comment.moderations.update(before=None, words="")
                thread.recount(comment.root_id or comment.pk)
        self.refresh_from_db()

    @contextmanager
    def locked(self):
        """A transaction that locks the thread and this comment, and reads both anew.

        The thread is always locked first, so that no two requests wait for each other.
        """
        with transaction.atomic():
            thread = Thread.objects.locked(self.campaign_id)
            found = Comment.objects.select_for_update(no_key=True)
            locked = found.get(pk=self.pk)
            locked.campaign = thread.campaign = self.campaign
            yield thread, locked

    @property
    def by_writer(self):
        """What its writer may do with it; see comments/writing.py."""
        return writing.Writing(self)

    def moderated_by(self, moderator):
        """What this moderator may do with it; see comments/moderating.py."""
        return moderating.Moderating(self, moderator)

    @property
    def mails(self):
        """The mails that it causes; see comments/queued_mails.py."""
        return Mails(self)

    def _url(self, view, **kwargs):
        kwargs = {"slug": self.campaign.slug, **kwargs}
        return reverse(f"comments:{view}", kwargs=kwargs)
