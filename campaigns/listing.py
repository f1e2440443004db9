"""Lists of campaigns, divided into pages so that no page grows with their number."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from campaigns.models.campaign import Campaign
from campaigns.models.text import CampaignText, localize
from campaigns.models.update import Update, UpdateText
from campaigns.results import results_of
from pages.addresses import absolute
from pages.numbered_pages import NumberedPage, number_of_pages

# How many open campaigns, ended campaigns and readings a page has, each.
A_PAGE = 12
IN_A_SITEMAP = 1000


class HomePage(NumberedPage):
    """One page of the campaigns: the open ones and the ended ones."""

    def __init__(self, language, number):
        found = Campaign.objects.order_by("-opens_at", "-pk")
        open_now = found.open().prefetch_related("readings", "milestones")
        ended = found.ended().prefetch_related("milestones")
        pages = [Paginator(some, A_PAGE) for some in (open_now, ended)]
        self.last = max(some.num_pages for some in pages)
        super().__init__(number)
        self.open, self.ended = (
            list(some.page(number)) if number <= some.num_pages else []
            for some in pages
        )
        localize([*self.open, *self.ended], language)
        for found in self.ended:
            found.results = results_of(found)

    @property
    def changed(self):
        """The ended ones of which one can say what came of them, as `results`."""
        return [found for found in self.ended if found.results]

    @property
    def over(self):
        """The other ended ones."""
        return [found for found in self.ended if not found.results]

    @property
    def readings(self):
        """The background reading of open campaigns that has an address."""
        found = [r for one in self.open for r in one.tell_beside(one.readings.all())]
        return [r for r in found if r.url][:A_PAGE]

    @staticmethod
    def url_of(number):
        kwargs = {"number": number} if number > 1 else {}
        return reverse("campaigns:home", kwargs=kwargs)


class Sitemap:
    """The pages that search engines may list, in files of at most IN_A_SITEMAP.

    The protocol allows 50,000 in one (sitemaps.org); a request should not make them.
    """

    def __init__(self, own):
        """`own` are the addresses of the site's own pages, in the first file."""
        published = Campaign.objects.published()
        self._own = [(address, None) for address in own]
        texts = CampaignText.objects.published().filter(
            campaign__in=published, language__in=dict(settings.LANGUAGES)
        )
        updates = Update.objects.published().filter(campaign__in=published)
        # An update is where its campaign has texts, too.
        told = UpdateText.objects.published().filter(
            update__in=updates,
            language__in=texts.filter(campaign=OuterRef("update__campaign")).values(
                "language"
            ),
        )
        # One kind after the other; what it is about is read with it.
        self._kinds = [
            published.order_by("pk"),
            texts.order_by("pk").select_related("campaign"),
            updates.order_by("pk").select_related("campaign"),
            told.order_by("pk").select_related("update__campaign"),
        ]

    @cached_property
    def files(self):
        """The addresses of the files."""
        last = number_of_pages(sum(self._numbers), IN_A_SITEMAP)
        return [
            absolute(reverse("sitemap", kwargs={"number": number}))
            for number in range(1, last + 1)
        ]

    def pages(self, number):
        """(address, when it changed) of each page in a file. Raises Http404."""
        if not 1 <= number <= len(self.files):
            raise Http404
        start = (number - 1) * IN_A_SITEMAP
        end = start + IN_A_SITEMAP
        pages = []
        for kind, number_of_kind in zip(self._kinds, self._numbers, strict=True):
            pages += [
                (absolute(found.get_absolute_url()), found.updated_at)
                for found in kind[max(0, start) : max(0, end)]
            ]
            start, end = start - number_of_kind, end - number_of_kind
        return self._own + pages if number == 1 else pages

    @cached_property
    def _numbers(self):
        return [kind.count() for kind in self._kinds]
