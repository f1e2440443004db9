"""The mails to volunteers: their link, and that readers have what they wrote."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branding.site import the_site
from campaigns.models import Campaign
from campaigns.models.address import page_at
from outbox.mail import write
from outbox.purposes import NOTICE, Later, Nothing, Purpose, register
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

    def rows(self):
        return TranslationRequest.objects.all()

    def when(self, mail):
        """While the campaign is a draft nobody can read it: they hear at launch."""
        mine = self._mine(mail).filter(campaign__in=Campaign.objects.published())
        if not mine.exists():
            raise Later(timezone.now() + timedelta(hours=1))

    def context(self, request):
        texts = request.campaign.texts.published()
        text = texts.filter(language=request.language).first()
        if text is None:
            raise Nothing
        page = page_at(request.language, text.slug)
        return {"title": text.title, "campaign_url": absolute(page)}


def _name_of(user):
    """How a stranger knows who asks: by a name, or that of the group."""
    return (user and user.get_full_name()) or the_site().name
