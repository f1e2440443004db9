from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportersConfig(AppConfig):
    name = "supporters"
    verbose_name = _("Supporters")

    def promises(self):
        from supporters import promises

        return promises.promises()

    def inbox(self):
        from supporters.acts.held_inbox import HeldTab
        from supporters.notices.inbox import ReportsTab

        return [HeldTab(), ReportsTab()]

    def waiting(self, user, campaign=None):
        from supporters import waiting

        return waiting.waiting(user, campaign)

    def confirmed_addresses(self, emails):
        """Those of these addresses that their owners have confirmed."""
        from supporters.people.models import Supporter

        found = Supporter.objects.filter(email__in=emails, confirmed_at__isnull=False)
        return found.values_list("email", flat=True)

    def timeline(self, user, campaign):
        from supporters.follow import timeline

        return timeline.timeline(user, campaign)

    def dependents(self, row):
        from supporters.deleting import dependents

        return dependents(row)

    def delete_with(self, row):
        from supporters.follow.models import Follow
        from supporters.notices.models import Report

        Follow.objects.filter(campaign=row.pk).delete()
        Report.objects.of_readers().filter(campaign=row.pk).delete()

    def ready(self):
        import supporters.acts.mails
        import supporters.follow.mails
        import supporters.follow.sample_mail
        import supporters.follow.updates
        import supporters.my_page.mails
        import supporters.notices.mails  # noqa: F401  kinds of mails
        from pages.page_cache import when_known
        from supporters.my_page import browser

        when_known(browser.has_cookie)
