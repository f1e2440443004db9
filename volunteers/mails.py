"""The mails to volunteers: their link, and that readers have what they wrote."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branding.site import the_site
from campaigns.models.address import page_at
from outbox.mail import write
from outbox.models import OutgoingMail
from outbox.purposes import NOTICE, Nothing, Purpose, register
from pages.addresses import absolute
from volunteers.requests import ASKED, PUBLISHED, TranslationRequest


class ToVolunteer(Purpose):
    """A mail about the key of a request, while its address is the one mailed to."""

    policy = NOTICE
    tells_of = ("campaigns.campaigntext",)

    def rows(self):
        raise NotImplementedError

    def context(self, request):
        raise NotImplementedError

    def compose(self, mail):
        request = self._mine(mail).select_related("campaign", "asked_by").first()
        if request is None:
            raise Nothing
        context = {"campaign": request.campaign, **self.context(request)}
        return write(mail.email, self.name, context, request.language)

    def may_leave(self, mail):
        return self._mine(mail).exists()

    def _mine(self, mail):
        of_it = {"pk": mail.about, "email": mail.email, "campaign__deleted_at": None}
        return self.rows().filter(**of_it)


@register
class TranslationAskedMail(ToVolunteer):
    """The link to a translation, for the volunteer whom a campaigner asks."""

    name = ASKED
    title = _("Can you help with a translation?")

    def rows(self):
        return TranslationRequest.objects.open()

    def context(self, request):
        if not request.is_answered_for:
            raise Nothing
        return {
            "request": request,
            "asked_by": _name_of(request.asked_by),
            "work_url": request.url,
        }


@register
class TranslationPublishedMail(ToVolunteer):
    """To a volunteer: readers have what you wrote."""

    name = PUBLISHED
    title = _("Your translation is published")

    def waiting(self):
        return [self.rows()]

    def collect(self, most):
        waiting = OutgoingMail.objects.open().filter(purpose=self.name)
        new = self.rows().exclude(pk__in=waiting.values("about")).order_by("pk")[:most]
        OutgoingMail.objects.queue_many(self.name, new.values_list("pk", "email"))

    def rows(self):
        return TranslationRequest.objects.to_tell()

    def context(self, request):
        texts = request.campaign.texts.published()
        text = texts.get(language=request.language)
        page = page_at(request.language, text.slug)
        return {"title": text.title, "campaign_url": absolute(page)}

    def settled(self, mail):
        """However it ended, it is not collected again, unless more was published since.

        What was published after its last dot is in no mail yet.
        """
        mine = TranslationRequest.objects.filter(pk=mail.about)
        mine.update(told_at=mail.dot_at or timezone.now())

    def retry(self, mail):
        TranslationRequest.objects.filter(pk=mail.about).update(told_at=None)
        return super().retry(mail)


def _name_of(user):
    """How a stranger knows who asks: by a name, or that of the group."""
    return (user and user.get_full_name()) or the_site().name
