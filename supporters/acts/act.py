"""What a signature, a letter, a comment and a wish for updates have in common."""

from datetime import timedelta
from itertools import batched

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from database.personal_data import PersonalQuerySet
from outbox.models import OutgoingMail
from outbox.purposes import Lane
from supporters.acts import tasks
from supporters.acts.confirmations import Confirmation
from supporters.acts.finding import asked_about
from supporters.acts.holding import HELD_FOR, may_pass, too_long_ago, what_holds

# Keys in one statement; PostgreSQL takes at most 65,535 parameters.
MOST_KEYS = 10_000


class TooLate(Exception):
    """The act can no longer be done; its app's closed.html says why."""


class TooMany(Exception):
    """Its owner has done this often enough for now; its app's too_many.html says so."""


class NotAsTyped(Exception):
    """Its owner has changed it since, so what was typed is not known any more."""


class ActQuerySet(PersonalQuerySet):
    def for_pages(self):
        """The acts that may have pages, with what these pages need to know.

        Question, owner and campaign are read with them: see finding.py.
        """
        return self

    def discard(self):
        """Delete acts that nobody has confirmed, and whose time is over."""
        return self.delete()


class Act(models.Model):
    """What somebody asks for by a public form, and is asked about by mail.

    A kind of act posts itself in `_post()`, has the addresses `inbox_url` and
    `done_url`, and is done by `confirm()`. `undecided_since`, and `undecided()` of its
    queryset, say whether it waits for a person (undecided.py).
    """

    confirmation = models.ForeignKey(
        Confirmation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    # When its form was sent.
    created_at = models.DateTimeField(_("posted"), db_default=Now())
    # What a mail calls it, as _("A letter").
    called = ""
    # A state that its owner can end, and my page says how.
    UNCONFIRMED = _("waiting for confirmation")
    # The limit that counts its posts, as posts_of("letter"): see holding.py.
    counting = None
    # What its writer gets back when it comes too late or is rejected: (label, value).
    typed = ()
    # Where its owner finds other ways when it is not done; empty if there are none.
    way_on = ""
    # Whether its time is over: who has not confirmed it yet comes too late.
    is_over = False
    # When a person has turned it down, of kinds at which somebody looks first.
    rejected_at = None
    # Whether the browser that sent the form confirms it by opening the mailed link.
    confirms_by_itself = True
    # Whether a person has yet to let it through, or has rejected it: no link in a mail
    # confirms it.
    is_withheld = False

    class Meta:
        abstract = True

    @classmethod
    def kinds(cls):
        """All models of acts that derive from this class."""
        for kind in cls.__subclasses__():
            if kind._meta.abstract:
                yield from kind.kinds()
            else:
                yield kind

    def mail_question_later(self, *, insists=False):
        """Queue the question to its owner, in the transaction that is running.

        `insists` says that somebody pressed the button for just this mail.
        """
        raise NotImplementedError

    def post_again(self, email, **found):
        """Post what was typed once more, with another address; returns the new act.

        This act is over: its inbox page opens nothing, nobody can confirm it, and the
        worker deletes it. If its owner has already said yes, they keep it, and only the
        page is closed. The worker finds that out, so that the statements here are the
        same. `found` is what was found about the new act, as for a form. Raises
        NotAsTyped, TooLate, and Gone.
        """
        given = self.confirmation.consents.first_given()
        with transaction.atomic():
            # The question is locked before the rows of the act, as when it is denied.
            self.confirmation.note_replaced()
            new = self._post(
                email=email,
                language=self.confirmation.language,
                consents=[each.as_given for each in given],
                page=given[0].page if given else "",
                **found,
            )
            tasks.delete_replaced.defer(confirmation_pk=self.confirmation_id)
        return new

    def for_code(self, code):
        """The act that this code confirms, or None; each call costs one try."""
        return self if self.confirmation.takes(code) else None

    @property
    def question_url(self):
        """The page of the link in the question."""
        return self._url("confirmation", token=self.confirmation.link_key)

    def deny(self):
        """Discard it, and posts that say the same: its owner says "This was not me".

        Nothing happens when it is confirmed. It can be undone until it is deleted, in
        the same time as what nobody confirms. Safe to call twice.
        """
        with transaction.atomic():
            for act in self._asked_by(self.confirmation.deny()):
                act._take_off()
        self.confirmation.refresh_from_db(fields=["denied_at"])

    def undo_denial(self):
        """Let it be confirmed again, and ask about what came in since. Safe to repeat.

        Whoever has denied somebody else's act has not ended it for good.
        """
        if self.confirmation.denied_at is None:
            return
        unasked = [each.pk for each in self.confirmation.not_asked_since_denial()]
        with transaction.atomic():
            for act in self._asked_by(self.confirmation.undo_denial()):
                act._put_back()
            for act in self._asked_by(unasked):
                act.mail_question_later()
        self.confirmation.refresh_from_db(fields=["denied_at"])

    def _asked_by(self, confirmations):
        return type(self).objects.filter(confirmation__in=confirmations).order_by("pk")

    def _take_off(self):
        """Undo what was done before its owner was asked, once they have denied it."""

    def _put_back(self):
        """Do that again, when the denial is undone."""

    def _post(self, **others):
        """A new act that says what this one said when it was posted.

        `others` is everything else that comes from its form and its request.
        """
        raise NotImplementedError


class HoldableActQuerySet(ActQuerySet):
    def confirmed(self):
        return self.exclude(confirmed_at=None)

    def unconfirmed(self):
        return self.filter(confirmed_at=None, rejected_at=None)

    def held(self):
        """Acts that wait for a moderator.

        What its owner has called not theirs waits for nobody, until that is undone.
        """
        return self._never_released().filter(confirmation__denied_at=None)

    def pending(self):
        """Acts that are not confirmed yet, and whose owners are mailed or will be."""
        return self.unconfirmed().filter(Q(held_at=None) | ~Q(released_at=None))

    def rejected(self):
        return self.exclude(rejected_at=None)

    def undecided(self, before):
        """Acts that wait for a moderator since before this moment."""
        return self.held().filter(held_at__lt=before)

    def outdated(self):
        """Acts to delete.

        They were not confirmed in time, were rejected some days ago, or were held for
        too long without a decision.
        """
        now = timezone.now()
        # If many are released at once, the last ones are mailed much later.
        just_released = now - timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        unconfirmed = (
            self.pending()
            .filter(confirmation__in=Confirmation.objects.outdated())
            .exclude(released_at__gte=just_released)
        )
        never_decided = self._never_released().filter(held_at__lt=too_long_ago())
        rejected_before = now - timedelta(days=settings.KEEP_WITHDRAWN_DAYS)
        return self.filter(
            Q(pk__in=unconfirmed.values("pk"))
            | Q(pk__in=never_decided.values("pk"))
            | Q(rejected_at__lt=rejected_before)
        )

    def release(self, by):
        """Release those of these that are held: their owners are asked to confirm.

        Returns how many. Their mails are queued in the same transaction, behind those
        that somebody waits for.
        """
        with transaction.atomic():
            keys = self._decide(released_at=timezone.now(), decided_by=by)
            for released in self._in_parts(keys):
                rows = released.values_list("pk", "confirmation__supporter__email")
                OutgoingMail.objects.queue_many(
                    self.model.question, rows, lane=Lane.BULK
                )
        return len(keys)

    def reject(self, by):
        """Reject those of these that are held; returns how many.

        They are deleted some days later. Owners whose address we know are told.
        """
        with transaction.atomic():
            keys = self._decide(rejected_at=timezone.now(), decided_by=by)
            for rejected in self._in_parts(keys):
                rejected.tell_owners()
        return len(keys)

    def may_be_told(self):
        """The acts of which their owners may be told what became of them (decision 34).

        Only owners who have confirmed their address before may be told, and nobody of
        what they have called not theirs.
        """
        return self.filter(
            confirmation__supporter__confirmed_at__isnull=False,
            confirmation__denied_at=None,
        )

    def tell_owners(self):
        """Queue a mail for each owner of a rejected act who may be told of it."""
        owners = self.may_be_told().order_by()
        owners = owners.values_list(
            "confirmation__supporter", "confirmation__supporter__email"
        )
        OutgoingMail.objects.queue_many("rejected", owners.distinct(), lane=Lane.BULK)

    def _never_released(self):
        return self.unconfirmed().exclude(held_at=None).filter(released_at=None)

    def _decide(self, **decision):
        """Write a decision to those of these that are held; returns their keys.

        They are locked first: of two moderators at once, the second finds none left.
        """
        held = self.held().order_by("pk").select_for_update(of=("self",))
        keys = list(held.values_list("pk", flat=True))
        for some in self._in_parts(keys):
            some.update(**decision)
        return keys

    def _in_parts(self, keys):
        for some in batched(keys, MOST_KEYS):
            yield self.model.objects.filter(pk__in=some).order_by("pk")


class HoldableAct(Act):
    """An act at which a person may have to look before anybody is mailed."""

    # The purpose of the mail that asks its owner.
    question = ""

    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    held_for = models.CharField(
        _("why it is held"), max_length=20, choices=HELD_FOR, blank=True
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    rejected_at = models.DateTimeField(_("rejected"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
        db_index=False,
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(rejected_at__isnull=True),
                name="%(class)s_is_released_or_rejected_not_both",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(rejected_at__isnull=True),
                name="%(class)s_is_confirmed_or_rejected_not_both",
            ),
        ]

    @property
    def is_held(self):
        return bool(self.held_at and not self.released_at and not self.rejected_at)

    @property
    def is_withheld(self):
        return self.is_held or self.rejected_at is not None

    @property
    def in_short(self):
        """The act in one line, for staff."""
        return str(self)

    @property
    def excerpt(self):
        """Its words, as far as staff read them beside that line; may be empty."""
        return ""

    @property
    def undecided_since(self):
        """Since when it waits for a moderator, or None."""
        return self.held_at if self.is_held and not self.confirmed_at else None

    @property
    def state(self):
        """The state of the act in a word, for staff."""
        if self.confirmed_at:
            return pgettext_lazy("act", "confirmed")
        if self.rejected_at:
            return pgettext_lazy("act", "rejected")
        if self.confirmation and self.confirmation.denied_at:
            return _("its owner says: not theirs")
        return pgettext_lazy("act", "held") if self.is_held else self.UNCONFIRMED

    def hold(self, reason):
        """Let it wait for this reason from when it is stored; "" for no reason."""
        self.held_at, self.held_for = timezone.now() if reason else None, reason

    def confirm_at_once(self):
        """Confirm it in the transaction that stores it, since its owner is believed."""
        self.confirm()

    def post_again(self, email, *, held_for, **found):
        """Post it again; if this one waits or was rejected, the new one waits, too."""
        before = "" if self.released_at else self.held_for
        held_for = what_holds(held_for, before)
        return super().post_again(email, held_for=held_for, **found)

    def for_code(self, code):
        """The act that this code confirms: none that waits, or was rejected.

        A twin, which says the same, may have been let through and asked about. Its code
        is right on the page of an act that waits, too, and confirms the twin.
        """
        asked = self.confirmation.takes(code)
        if asked is None or self.rejected_at:
            return None
        if not self.is_held:
            return self
        twin = asked_about(type(self), asked.pk)
        return None if twin.is_withheld else twin

    def mail_question_later(self, *, insists=False):
        email = self.confirmation.email
        OutgoingMail.objects.queue(self.question, self.pk, email)

    def let_pass(self):
        """Release it if it was held for being one of many and its address is known.

        The address is known if it has confirmed before. Returns whether it was
        released.
        """
        held = type(self).objects.held().filter(pk=self.pk)
        if not (may_pass(self) and held.update(released_at=timezone.now())):
            return False
        self.refresh_from_db(fields=["released_at"])
        return True


def delete_replaced(confirmation_pk):
    """Delete an act that was posted again with another address, and its question.

    Nothing that was mailed about it opens anything then. Owners of other posts that
    said the same, who were asked by that mail, are asked again: nobody can end their
    question by posting the same before they do. An act that its owner has confirmed
    meanwhile stays.
    """
    with transaction.atomic():
        replaced = Confirmation.objects.replaced().filter(pk=confirmation_pk)
        asked = replaced.select_for_update(no_key=True).first()
        if asked is None:
            return
        # The newest of each address is enough, since its code is good for the others.
        twins = {twin.supporter_id: twin for twin in asked.twins_not_asked()}.values()
        for kind in Act.kinds():
            kind.objects.filter(confirmation=asked).discard()
            if kind._meta.model_name == asked.kind:
                for act in kind.objects.filter(confirmation__in=twins):
                    act.mail_question_later()
        asked.delete()
