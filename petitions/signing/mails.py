"""Mails to signers, in the language in which they signed.

They hold no text that a visitor typed. Even a name could be somebody else's
advertisement. Only a name that this mailbox has confirmed stands in its mails.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from outbox.models import OutgoingMail
from outbox.purposes import BULK, Nothing, register
from pages.addresses import absolute_reverse
from petitions.counting.signer import SEATS
from petitions.signing.models import THANKS, Signature
from petitions.signing.own_page import key_of
from supporters.acts.holding import examine_again
from supporters.acts.mails import Question, ToSupporter
from supporters.acts.stopping import stop_url
from supporters.models import Follow

STOPS_THANKS = _("Unsubscribe from thank-you emails")
# After an outage, nobody is thanked for what they did longer ago than this.
THANKS_UNTIL = timedelta(days=1)


class ToSigner(Question):
    """A mail to a signer, with the button to confirm and the link to withdraw."""

    def rows(self):
        return Signature.objects.select_related(
            "petition__campaign", "confirmation__supporter"
        )

    def context(self, signature):
        campaign, confirmation = signature.campaign, signature.confirmation
        language = confirmation.language

        def address(view, **key):
            return absolute_reverse(
                f"petitions:{view}", language, slug=campaign.slug, **key
            )

        return {
            "hours_after_end": settings.CONFIRM_AFTER_END_HOURS,
            "petition": signature.petition,
            "campaign": campaign,
            "confirmation_url": address("confirmation", token=confirmation.link_key),
            "withdrawal_url": address("withdrawal", key=signature.withdrawal_key),
        }

    def asking(self, signature, others):
        """The context of the question, where `others` of the mailbox are counted.

        The page of its link then waits for a press of the button: a name that counts
        already, in another script, would count twice.
        """
        context = self.context(signature)
        if others:
            context["confirmation_url"] += "?another=1"
            context["other_names"] = others[0].name
        return context


@register
class SignatureQuestion(ToSigner):
    """The question, or what has become of the signature meanwhile.

    Somebody who is counted and signs again is told what stands. The page after the form
    is the same for everybody, so only the mailbox learns it.
    """

    name = "signature_question"
    title = _("Confirm your signature")
    titles = {
        "confirm_signature": title,
        "already_signed": _("You have signed already"),
        "signature_withdrawn": _("Your name is off the petition"),
        "signature_invalidated": _("Your signature is out of the count"),
        "signature_too_late": _("The petition has ended"),
    }

    def question(self, signature, mail):
        if signature.rejected_at or (signature.is_held and not signature.let_pass()):
            raise Nothing
        signature.public_name.follow_hidden_names()
        is_confirmed = signature.confirmation.used_at
        if signature.is_over and not (is_confirmed or signature.withdrawn_at):
            return "signature_too_late", self.context(signature)
        if signature.invalidation_id and not is_confirmed:
            raise Nothing  # silent, as to a signer who was rejected
        if signature.withdrawn_at:
            return "signature_withdrawn", self.context(signature)
        if signature.invalidation_id:
            return "signature_invalidated", self.context(signature)
        counted, others = _counted_here(signature)
        if counted or is_confirmed or len(others) == len(SEATS):
            return "already_signed", self._what_stands(signature, counted)
        return "confirm_signature", self.asking(signature, others)

    def _what_stands(self, signature, counted):
        """`counted` is None for a third person of a mailbox, who cannot count."""
        context = self.context(signature)
        language = signature.confirmation.language
        if counted:
            counted.petition = signature.petition
        return {
            **context,
            "counted": counted,
            "mine_url": absolute_reverse("supporters:mine", language),
            "share_url": lambda: counted and counted.referral.own_link,
            "asks_to_follow": Follow.objects.would_begin_with(signature.confirmation),
        }


@register
class Thanks(ToSupporter):
    """Thanks a signer who is counted, in the campaign's words, with their own links.

    It is queued with the count, and leaves some minutes later. Nobody gets it twice
    under a petition. Who takes the name back within these minutes and signs once more
    gets none: the first signature does not count, and the next is not their first.
    """

    name = THANKS
    title = _("Thank you for signing")
    policy = BULK
    is_unasked = True
    is_stoppable = True

    def rows(self):
        return Signature.objects.select_related(
            "petition__campaign", "confirmation__supporter"
        )

    def write(self, signature, mail):
        campaign = signature.campaign
        is_late = signature.confirmed_at < timezone.now() - THANKS_UNTIL
        is_hidden = not campaign.is_published
        if is_late or is_hidden or not signature.counted:
            raise Nothing
        if signature.signer.was_here_before:
            raise Nothing
        language = signature.confirmation.language
        return self.name, {
            "petition": signature.petition,
            "campaign": campaign,
            "other_names": _other_counted(signature),
            "standing": signature.petition.standing,
            "own_url": absolute_reverse(
                "petitions:own", language, slug=campaign.slug, key=key_of(signature)
            ),
            # Made when the mail is written, in its language.
            "share_url": lambda: campaign.is_open and signature.referral.own_link,
            "mine_url": absolute_reverse("supporters:mine", language),
            "stop_url": stop_url(signature.confirmation.supporter, self.name, language),
            "stops": STOPS_THANKS,
        }


@register
class Reminder(ToSigner):
    """Asks signers who have not confirmed once more, a day later.

    They are asked once, whatever happens: the reminder is noted in the statement that
    queues the mail.
    """

    name = "signature_reminder"
    title = _("Your name is not counted yet")
    titles = {"remind_signature": title}
    policy = BULK
    is_unasked = True

    def waiting(self):
        if not settings.REMIND_AFTER_HOURS:
            return []
        # All signatures of to_remind() are among these.
        return [
            Signature.objects.pending().filter(
                reminded_at=None,
                confirmation__used_at=None,
                confirmation__denied_at=None,
                confirmation__sent_at__lte=_asked_by(),
            )
        ]

    def collect(self, most):
        due = to_remind().select_related("confirmation__supporter").order_by("pk")
        due = list(due.select_for_update(of=("self",), skip_locked=True)[:most])
        if due:
            remind = Signature.objects.filter(pk__in=[s.pk for s in due])
            remind.update(reminded_at=timezone.now())
            OutgoingMail.objects.queue_many(
                self.name, [(s.pk, s.confirmation.email) for s in due]
            )

    def question(self, signature, mail):
        counted, others = _counted_here(signature)
        is_over = (
            signature.confirmed_at
            or signature.withdrawn_at
            or signature.rejected_at
            or signature.is_held
            or signature.invalidation_id
            or signature.confirmation.has_expired
            or not signature.campaign.is_open
            or counted
            or len(others) == len(SEATS)
        )
        email = signature.confirmation.email
        if is_over or examine_again(email=email, networks=None).blocks:
            raise Nothing
        return "remind_signature", self.asking(signature, others)


def _counted_here(signature):
    """By which signature this person is counted, and the others of the mailbox."""
    if signature.counted:
        return signature, []
    same, others = signature.signer.counted_of_mailbox()
    return next(iter(same), None), others


def _other_counted(signature):
    """The name on the other seat; only whoever took the second one is told."""
    others = signature.signer.counted_of_mailbox()[1] if signature.seat == 2 else []
    return next((other.name for other in others), "")


def to_remind():
    """Signatures that were mailed REMIND_AFTER_HOURS ago and not confirmed since.

    Left out are signatures that are held or invalidated, and those of an address that
    has confirmed or been reminded under this petition already, or from which a mail
    came back. Of several signatures of one address, it is the newest.
    """
    if not settings.REMIND_AFTER_HOURS:
        return Signature.objects.none()
    now = timezone.now()
    same = Signature.objects.filter(
        petition=OuterRef("petition"),
        confirmation__supporter=OuterRef("confirmation__supporter"),
    )
    others = same.filter(
        Q(confirmed_at__isnull=False, withdrawn_at=None)
        | Q(reminded_at__isnull=False)
        | Q(pk__gt=OuterRef("pk"))
    )
    # Only the newest question counts, since the address may be another by now.
    came_back = OutgoingMail.objects.came_back().filter(
        pk=OuterRef("confirmation__issue")
    )
    return Signature.objects.pending().filter(
        ~Exists(others),
        ~Exists(came_back),
        reminded_at=None,
        withdrawn_at=None,
        petition__campaign__in=Campaign.objects.open(),
        confirmation__used_at=None,
        confirmation__denied_at=None,
        # After so many days, the link in the mail would not work.
        confirmation__sent_at__gt=now - timedelta(settings.KEEP_UNCONFIRMED_DAYS),
        confirmation__sent_at__lte=_asked_by(),
    )


def _asked_by():
    """Signers who were mailed by this moment can be reminded now."""
    return timezone.now() - timedelta(hours=settings.REMIND_AFTER_HOURS)
