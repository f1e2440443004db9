"""Mails to officials about their own page, and their answers to everybody who wrote."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.text import localize
from letters.officials.answers import AnswerCopy, OfficialAnswer
from letters.officials.corrections import OBJECTION_DAYS, AddressCorrection
from letters.officials.denying import is_denied
from letters.officials.visits import OfficialVisit
from letters.recipients.models import Recipient
from letters.recipients.stances import Stance
from outbox.mail import write
from outbox.mailed_keys import new_one_time_key
from outbox.models import Outcome
from outbox.purposes import ASKED_FOR, BULK, NOTICE, Nothing, Purpose, register
from pages.addresses import absolute_reverse
from safeguards.mail_allowance import MailAllowance
from supporters.acts.mails import ToSupporter
from supporters.acts.stopping import stop_url

STOPS_ANSWERS = _("Unsubscribe from officials’ answers")
OFFICIALS_PAGE = MailAllowance("official's page")


class ToOfficial(Purpose):
    """A mail to an official, at the address in the row that `mail.about` names."""

    model = None

    def row(self, mail):
        found = self.model.objects.select_related("recipient__list")
        return found.filter(pk=mail.about).first()

    def written(self, template, mail, row, **context):
        language = row.recipient.language_of_mails
        mail.text = template
        context = {"recipient": row.recipient, **context}
        return write(mail.email, template, context, language)

    def about_words(self, mails):
        rows = self.model.objects.filter(pk__in={mail.about for mail in mails})
        return {row.pk: row.recipient.label for row in rows.select_related("recipient")}

    def about_row(self, mail):
        row = self.row(mail)
        return row and row.recipient


class WithKey(ToOfficial):
    """A mail with a link that opens something for a short while.

    Its key is made when the mail is written, and stored as a hash.
    """

    policy = ASKED_FOR
    allowance = OFFICIALS_PAGE
    view = ""

    def compose(self, mail):
        row = self.row(mail)
        if row is None or not row.may_be_mailed or is_denied(row):
            raise Nothing
        key, language = new_one_time_key(), row.recipient.language_of_mails
        self.model.objects.filter(pk=row.pk).update(mail_key=key)
        context = {
            "minutes": settings.VISIT_LINK_MINUTES,
            "denial_url": absolute_reverse(
                "letters:official-denial", language, key=row.denial_key
            ),
            self.link: absolute_reverse(self.view, language, key=key),
        }
        return self.written(self.name, mail, row, **context)

    def may_wait(self, mail):
        row = self.row(mail)
        return row is not None and not row.is_superseded

    def settled(self, mail):
        if mail.outcome == Outcome.SENT:
            mine = self.model.objects.filter(pk=mail.about)
            mine.update(sent_at=timezone.now())


@register
class WayToOfficialsPage(WithKey):
    """Leads an official to their page; goes to the address that we hold."""

    name = "official_page"
    title = _("The link to an official’s page")
    model = OfficialVisit
    view, link = "letters:official-opening", "opening_url"


@register
class CorrectionQuestion(WithKey):
    """Asks at a new address whether it is theirs."""

    name = "official_address"
    title = _("Is this the new address of an official?")
    model = AddressCorrection
    view, link = "letters:official-address", "confirmation_url"


@register
class CorrectionNotice(ToOfficial):
    """Tells the old address, so that whoever reads it can speak up."""

    name = "official_address_notice"
    title = _("An official entered another address")
    policy = NOTICE
    model = AddressCorrection

    def compose(self, mail):
        row = self.row(mail)
        if row is None:
            raise Nothing
        objection_url = absolute_reverse(
            "letters:official-objection",
            row.recipient.language_of_mails,
            key=row.link_key,
        )
        context = {
            "email": row.email,
            "objection_url": objection_url,
            "days": OBJECTION_DAYS,
        }
        return self.written(self.name, mail, row, **context)


@register
class AddressChanged(CorrectionNotice):
    """Tells the old address that the new one was confirmed, and counts from now on."""

    name = "official_address_changed"
    title = _("An official’s address is changed")


@register
class AnswerDecided(ToOfficial):
    """Tells an official whether their answer to everybody is published, or why not."""

    name = "official_answer_decided"
    title = _("Whether an official’s answer is published")
    policy = NOTICE
    model = OfficialAnswer

    def compose(self, mail):
        answer = self.row(mail)
        if answer is None or answer.recipient.email != mail.email:
            raise Nothing
        if not Recipient.objects.reachable().filter(pk=answer.recipient_id):
            raise Nothing
        localize([answer.campaign], answer.recipient.language_of_mails)
        context = {"answer": answer, "about": answer.campaign}
        if answer.published_at and answer.letter.shows_answers:
            stances = Stance.objects.of(answer.letter)
            context["stance"] = stances.of(answer.recipient).words
        return self.written(self.name, mail, answer, **context)


@register
class AnswerToWriter(ToSupporter):
    """An official's answer, to one of all who wrote to them."""

    name = "official_answer"
    title = _("An official answered your letter")
    policy = BULK
    is_unasked = True
    is_stoppable = True
    tells_of = ("letters.letter",)

    def rows(self):
        return AnswerCopy.objects.select_related(
            "supporter", "answer__recipient", "answer__letter__campaign"
        )

    def owner_of(self, copy):
        return copy.supporter

    def language_of(self, copy):
        return copy.language

    def campaign_of(self, copy):
        return copy.answer.campaign

    def write(self, copy, mail):
        answer = copy.answer
        return self.name, {
            "answer": answer,
            "campaign": answer.campaign,
            "answer_url": answer.url,
            "stop_url": stop_url(copy.supporter, self.name, copy.language),
            "stops": STOPS_ANSWERS,
        }

    def about_row(self, mail):
        copy = super().about_row(mail)
        return copy and copy.answer

    def settled(self, mail):
        super().settled(mail)
        AnswerCopy.objects.filter(pk=mail.about).update(
            outcome=mail.outcome, settled_at=mail.settled_at
        )
