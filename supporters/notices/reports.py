"""What reports have in common that notices of illegal content may have made."""

from django.db import models

from staff.reach import within
from supporters.notices.models import Notice


class ReportQuerySet(models.QuerySet):
    """Reports of readers about some content, each perhaps with a notice."""

    def open(self):
        """Reports on which no moderator has decided."""
        return self.filter(answered_at=None)

    def notices(self):
        """The notices of illegal content that are among these reports."""
        return Notice.objects.filter(pk__in=self.exclude(notice=None).values("notice"))

    def with_notices_for(self, user):
        """Each with its notice, if this member of staff may see it; else without."""
        seen = within(user, Notice.objects.all())
        return self.prefetch_related(models.Prefetch("notice", seen))
