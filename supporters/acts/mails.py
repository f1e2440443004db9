"""Mails to supporters: what they have in common, and the question to an act's owner."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models.text import localize
from database.personal_data import PersonalData
from outbox.mail import write
from outbox.models import Outcome, OutgoingMail, Suppression
from outbox.outgoing_mail import OutgoingMailQuerySet
from outbox.purposes import (
    ASKED_FOR,
    NOTICE,
    Nothing,
    Purpose,
    all_purposes,
    note_subjects,
    register,
)
from pages.addresses import absolute, absolute_reverse
from safeguards.mail_allowance import MailAllowance
from supporters.acts import refusals, undecided
from supporters.acts.act import Act
from supporters.acts.confirmations import Confirmation
from supporters.my_page.section import Section
from supporters.people.models import Supporter

QUESTIONS = MailAllowance("question")


class ToSupporter(Purpose):
    """A mail to a supporter about one row, whose key is `mail.about`.

    A subclass says which rows these are, whose they are, and what stands in the mail:
    the name of a template below emails/, and its context. An address that has changed
    since, or was erased, gets none.
    """

    policy = NOTICE
    goes_with_its_owner = True

    def rows(self):
        """The rows that such mails are about, with what writing the mail needs."""
        raise NotImplementedError

    @property
    def tells_of(self):
        return (self.rows().model._meta.label_lower,)

    def owner_of(self, row):
        """The supporter to whom it goes, or None."""
        return row.confirmation and row.confirmation.supporter

    def language_of(self, row):
        """The language of the act; its owner may have chosen another for mails."""
        return row.confirmation.language

    def campaign_of(self, row):
        return row.campaign

    def write(self, row, mail):
        """Template and context of the mail. Raises Nothing, Never or Later."""
        raise NotImplementedError

    def compose(self, mail):
        row = self.rows().filter(pk=mail.about).first()
        owner = row and self.owner_of(row)
        if owner is None or owner.email != mail.email:
            raise Nothing
        mail.text, context = self.write(row, mail)
        language = owner.language_of_mails(self.language_of(row))
        if campaign := context.get("campaign"):
            localize([campaign], language)
            context = {"campaign_url": absolute(campaign.get_absolute_url()), **context}
        return write(mail.email, mail.text, context, language)

    def may_leave(self, mail):
        """Whether its owner is not being erased at this moment."""
        owner = Supporter.objects.filter(email=mail.email)
        return bool(owner.select_for_update(no_key=True).values_list("pk"))

    def settled(self, mail):
        refusals.note_outcome(mail)

    def reported(self, mail, report):
        refusals.note_report(mail, report)

    def about_words(self, mails):
        rows = self.rows().filter(pk__in={mail.about for mail in mails})
        campaigns = {row.pk: self.campaign_of(row) for row in rows}
        return {pk: campaign.title for pk, campaign in campaigns.items() if campaign}

    def about_row(self, mail):
        return self.rows().filter(pk=mail.about).first()


class Question(ToSupporter):
    """ "Was this you?", with the button and the code, about the row of an act.

    Composed again, it has the same code, which is made from the key of the mail. The
    code of a newer mail ends the one before.
    """

    policy = ASKED_FOR
    allowance = QUESTIONS

    def question(self, act, mail):
        """Template and context of the question, or of what is told after a yes.

        Raises Nothing when there is nothing to ask.
        """
        raise NotImplementedError

    def write(self, row, mail):
        template, context = self.question(row, mail)
        asked = row.confirmation
        if not asked.used_at and (asked.replaced_at or asked.is_asked_already(mail)):
            raise Nothing
        asked.issue_code(mail.pk)
        # After the code: the page after the form is the same, whether or not we ask.
        if not asked.used_at and asked.is_silenced:
            raise Nothing
        return template, {
            "code": asked.code,
            "days": settings.KEEP_UNCONFIRMED_DAYS,
            "denial_url": absolute_reverse(
                "supporters:denial", asked.language, token=asked.denial_key
            ),
            "denied_days": settings.KEEP_WITHDRAWN_DAYS,
            "is_used": asked.used_at is not None,
            **context,
        }

    def may_wait(self, mail):
        """Whether it is the newest question about the same act.

        If somebody else typed an address a hundred times, that must not become a
        hundred mails.
        """
        row = self.rows().filter(pk=mail.about).first()
        return row is not None and not row.confirmation.is_superseded

    def settled(self, mail):
        super().settled(mail)
        if mail.outcome == Outcome.SENT:
            act = self.rows().filter(pk=mail.about)
            asked = Confirmation.objects.filter(pk__in=act.values("confirmation"))
            asked.filter(issue=mail.pk).update(sent_at=mail.settled_at)


class AboutActs(ToSupporter):
    """A mail about some acts of a supporter, whose key is `mail.about`.

    It holds nothing that was typed: kinds and campaigns are our own words.
    """

    is_unasked = True

    def rows(self):
        return Supporter.objects.all()

    @property
    def tells_of(self):
        return [kind._meta.label_lower for kind in Act.kinds()]

    def acts_of(self, supporter):
        """The acts, of those of which their owner may be told."""
        raise NotImplementedError

    def context(self, acts):
        """What the mail says besides which acts it is about."""
        raise NotImplementedError

    def owner_of(self, supporter):
        return supporter

    def language_of(self, supporter):
        return self.acts_of(supporter)[0].confirmation.language

    def campaign_of(self, supporter):
        return None

    def write(self, supporter, mail):
        acts = self.acts_of(supporter)
        if not acts:
            raise Nothing
        language = supporter.language_of_mails(acts[0].confirmation.language)
        said = [(act.called, act.confirmation.campaign) for act in acts]
        return self.name, {
            "acts": list(dict.fromkeys(said)),
            "mine_url": absolute_reverse("supporters:mine", language),
            **self.context(acts),
        }

    def about_words(self, mails):
        return {}


@register
class HeldEnds(AboutActs):
    """Tells owners which acts wait for a person and are deleted soon (decision 34)."""

    name = undecided.MAIL
    title = gettext_lazy("What you sent will be deleted soon")

    def rows(self):
        return Supporter.objects.filter(confirmed_at__isnull=False)

    def acts_of(self, supporter):
        return undecided.acts_of(supporter)

    def context(self, acts):
        return {"ends_on": undecided.first_to_go_on(acts)}


@register
class Rejected(AboutActs):
    """Tells owners which of their acts a moderator has rejected (decision 34).

    Others may have posted them with the owner's address. So nobody gets more of these
    mails in a day than questions in an hour; the next day's first mail tells of all
    others.
    """

    name = "rejected"
    title = gettext_lazy("What you sent was not accepted")
    allowance = MailAllowance("rejection", a_day="LIMIT_MAILS_TO_ADDRESS")

    def acts_of(self, supporter):
        return undecided.rejected_of(supporter)

    def context(self, acts):
        # Of a campaign that is deleted, the page of the way is gone.
        ways = [
            act.way_on
            for act in acts
            if act.way_on and act.confirmation.campaign.is_published
        ]
        # A letter has a way of its own.
        others = {act.confirmation.campaign for act in acts if not act.way_on} - {None}
        again = {
            each.full_title: absolute(each.get_absolute_url())
            for each in others
            if each.is_open
        }
        return {"days": settings.KEEP_WITHDRAWN_DAYS, "ways": ways, "again": again}


def note_what_they_are(mails):
    """Note at each mail what it was about, and whether its owner has stopped it."""
    note_subjects(mails)
    against = Suppression.objects.against({mail.email for mail in mails})
    for mail in mails:
        is_known = mail.settled_at is None and mail.purpose in all_purposes()
        mail.is_stopped = is_known and mail.is_against(against)


class MailToSupporterQuerySet(OutgoingMailQuerySet):
    def for_my_page(self):
        # Updates have a section of their own.
        return self.exclude(purpose="update").order_by("-pk")

    def export(self):
        found = list(self.order_by("pk"))
        note_what_they_are(found)
        return [
            {
                _("email"): str(row.title),
                _("about"): row.subject,
                _("sent"): row.left_at and row.left_at.isoformat(),
                _("state"): str(row.state),
            }
            for row in found
        ]


class MailToSupporter(OutgoingMail):
    """A mail to a supporter, as my page and the export show it."""

    # Whether it waits, and will not be sent; noted for my page and the export.
    is_stopped = False

    objects = MailToSupporterQuerySet.as_manager()
    personal_data = PersonalData(
        by_address="to_address",
        section=Section(
            "emails",
            gettext_lazy("Emails to you"),
            "supporters/_mails.html",
            is_record=True,
            prepare=note_what_they_are,
        ),
        order=4,
    )

    class Meta:
        proxy = True
        verbose_name = gettext_lazy("email to a supporter")
        verbose_name_plural = gettext_lazy("emails to supporters")

    @property
    def state(self):
        return Outcome.STOPPED.label if self.is_stopped else super().state
