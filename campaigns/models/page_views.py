from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign


class PageViewsQuerySet(models.QuerySet):
    def add(self, numbers):
        """Add numbers of views, by (campaign's key, page, moment), in one statement.

        They count on the day that the campaign's clocks showed. Views of a campaign
        that is gone meanwhile are dropped.
        """
        keys = list(numbers)
        campaigns, pages, moments = (list(column) for column in zip(*keys, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(
                """
                -- Always in the same order, so that there is no deadlock.
                INSERT INTO campaigns_pageviews AS known
                    (campaign_id, page, day, number)
                SELECT campaign.id, added.page,
                    (added.at AT TIME ZONE campaign.timezone)::date, sum(added.number)
                FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::bigint[])
                    AS added (campaign, page, at, number)
                JOIN campaigns_campaign AS campaign ON campaign.id = added.campaign
                GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                ON CONFLICT (campaign_id, day, page)
                    DO UPDATE SET number = known.number + excluded.number
                """,
                [campaigns, pages, moments, [numbers[key] for key in keys]],
            )


class PageViews(models.Model):
    """How often one kind of a campaign's pages was read on one day of its clocks.

    A number, and nothing about who has read; see campaigns/page_views.py.
    """

    class Page(models.TextChoices):
        CAMPAIGN = "campaign", _("Action page")
        SIGN = "sign", _("Sign form")
        LETTER = "letter", _("Letter")
        COUNT = "count", _("The count")
        UPDATES = "updates", _("Updates")
        COMMENTS = "comments", _("Comments")

    campaign = models.ForeignKey(
        # The constraint begins with the campaign, so that no other index is needed.
        Campaign,
        on_delete=models.CASCADE,
        related_name="page_views",
        db_index=False,
    )
    page = models.CharField(_("page"), max_length=10, choices=Page.choices)
    day = models.DateField(_("day"))
    number = models.PositiveBigIntegerField(_("views"))

    objects = PageViewsQuerySet.as_manager()

    class Meta:
        verbose_name = _("page views")
        verbose_name_plural = _("page views")
        constraints = [
            models.UniqueConstraint(
                "campaign", "day", "page", name="one_number_for_each_page_and_day"
            )
        ]

    def __str__(self):
        return f"{self.day} {self.page}: {self.number}"
