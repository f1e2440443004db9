import secrets
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign
from outbox import mail
from outbox.bounce_reports import bounce_address, names_in
from supporters.acts.because import Because
from supporters.my_page.section import Section
from supporters.people.models import Supporter

# By template, since the acts above are not known here: the mails' own subjects, but for
# names and numbers in them.
KINDS = {
    "confirm_signature": gettext_lazy("Confirm your signature"),
    "remind_signature": gettext_lazy("Your name is not counted yet"),
    "already_signed": gettext_lazy("Your name is on the petition"),
    "signature_withdrawn": gettext_lazy("Your name is off the petition"),
    "signature_invalidated": gettext_lazy("Your name is not counted"),
    "confirm_letter": gettext_lazy("Confirm your letter"),
    "letter_receipt": gettext_lazy("A copy of your letter"),
    "letter_failed": gettext_lazy("Your letter did not reach everybody"),
    "official_answer": gettext_lazy("An official answered your letter"),
    "confirm_comment": gettext_lazy("Is this your comment?"),
    "comment_yours": gettext_lazy("The link to your comment"),
    "comment_shown": gettext_lazy("Your comment is on the page"),
    "comment_hidden": gettext_lazy("Your comment is hidden"),
    "comment_hidden_confirm": gettext_lazy("A comment with your address was hidden"),
    "comment_reply": gettext_lazy("A reply to your comment"),
    "comment_replies": gettext_lazy("Replies to your comments"),
    "confirm_follow": gettext_lazy("Do you want our updates?"),
    "you_follow": gettext_lazy("You have already confirmed our updates"),
    "held_ends": gettext_lazy("What you sent will be deleted soon"),
    "my_page": gettext_lazy("The link to your page"),
}


class SentMailQuerySet(models.QuerySet):
    def send(self, supporter, kind, context, *, language, campaign=None):
        """Write the mail emails/<kind>, hand it to the relay, and note it.

        In the language that the supporter chose, else in this one. Returns the row,
        which knows whether the address was refused for good. Raises SMTPException or
        OSError when the relay does not take it now.
        """
        sent = self.model(supporter=supporter, kind=kind, campaign=campaign)
        message = mail.write(
            supporter.email, kind, context, supporter.language_of_mails(language)
        )
        if stop_url := context.get("stop_url"):
            mail.with_stop(message, stop_url)
        mail.with_envelope(message, sent.bounce_address)
        taken = mail.hand_over(message)
        sent.sent_at = timezone.now()
        sent.refused_at = None if taken else sent.sent_at
        # Its owner may have erased everything while it was on its way.
        with suppress(IntegrityError), transaction.atomic():
            sent.save()
        return sent

    def outdated(self):
        limit = timezone.now() - timedelta(days=settings.KEEP_MAIL_NOTES_DAYS)
        return self.filter(sent_at__lt=limit)

    def of_supporter(self, supporter):
        return self.filter(supporter=supporter)

    def for_my_page(self):
        return self.select_related("campaign").order_by("-sent_at", "-pk")

    def erase(self):
        return self.delete()

    def export(self):
        return [
            {
                _("email"): str(row.kind_words),
                _("about"): row.campaign.full_title if row.campaign else "",
                _("sent"): row.sent_at.isoformat(),
                _("state"): str(row.state),
            }
            for row in self.select_related("campaign").order_by("pk")
        ]

    def for_bounce_address(self, text):
        """The mail that an envelope address in a text names, or DoesNotExist."""
        for name in names_in(text):
            if name[0] == "m":
                return self.get(key=name[1:])
        raise self.model.DoesNotExist


def make_key():
    return secrets.token_hex(8)


class SentMail(models.Model):
    """One mail that the site wrote to a supporter, and what became of it.

    Without its words. Updates are not among them: see UpdateForFollower.
    """

    supporter = models.ForeignKey(
        Supporter, on_delete=models.CASCADE, related_name="mails"
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, null=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=16, unique=True, default=make_key)
    sent_at = models.DateTimeField(gettext_lazy("sent"), db_index=True)
    refused_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)

    objects = SentMailQuerySet.as_manager()
    my_page = Section(
        "emails",
        gettext_lazy("Emails to you"),
        "supporters/_mails.html",
        is_record=True,
    )

    class Meta:
        verbose_name = gettext_lazy("email to a supporter")
        verbose_name_plural = gettext_lazy("emails to supporters")

    def __str__(self):
        return f"{self.kind} {self.sent_at:%Y-%m-%d %H:%M}"

    @property
    def bounce_address(self):
        """The envelope sender, which names this mail to whoever reports back."""
        return bounce_address(f"m{self.key}")

    @property
    def left_at(self):
        return self.sent_at

    @property
    def kind_words(self):
        """What it was, for the person who got it."""
        return KINDS.get(self.kind, self.kind)

    @property
    def state(self):
        """What we know, in plain words, and nothing more than we know."""
        for is_so, words in (
            (self.complained_at, gettext_lazy("its owner called it spam")),
            (self.bounced_at, gettext_lazy("came back later")),
            (self.refused_at, gettext_lazy("refused")),
        ):
            if is_so:
                return words
        return gettext_lazy("handed to our mail service")

    def bounce(self, words, *, for_good=True):
        """Note that it came back; for good ends every mail that comes unasked."""
        with transaction.atomic():
            self._note(bounced_at=Now())
            if for_good:
                self.supporter.unsubscribe(Because.BOUNCED, words)

    def complain(self):
        """Its owner has called it spam: nothing more comes unasked."""
        with transaction.atomic():
            self._note(complained_at=Now())
            self.supporter.unsubscribe(Because.COMPLAINED)

    def _note(self, **what):
        first = Q(pk=self.pk) & Q(**dict.fromkeys(what))
        SentMail.objects.filter(first).update(**what)
        self.refresh_from_db(fields=list(what))
