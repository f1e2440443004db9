from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportersConfig(AppConfig):
    name = "supporters"
    verbose_name = _("Supporters")

    def waiting(self, user):
        from supporters import waiting

        return waiting.waiting(user)

    def retention(self):
        from database.retention import delete, of_rows
        from supporters.acts.confirmations import Confirmation
        from supporters.follow.models import Follow
        from supporters.follow.update_for_follower import UpdateForFollower
        from supporters.my_page.visits import Visit
        from supporters.people.models import Supporter
        from supporters.personal_data import audit
        from supporters.personal_data.erasure_requests import (
            ErasureRequest,
            ErasureRequestQuerySet,
        )
        from supporters.personal_data.erasures import Erasure
        from supporters.personal_data.retention_runs import RetentionRun

        return [
            of_rows(
                "visits",
                _("visits to my page, a day after they were asked for"),
                Visit.objects.outdated,
                delete,
            ),
            of_rows(
                "follows",
                _("follows that nobody confirmed"),
                Follow.objects.outdated,
                delete,
                turn=2,
            ),
            of_rows(
                "stopped follows",
                _("follows that were stopped weeks ago"),
                Follow.objects.stopped_long_ago,
                delete,
            ),
            of_rows(
                "confirmations",
                _("confirmations whose act is gone, with the consents given there"),
                Confirmation.objects.without_acts,
                delete,
                turn=3,
            ),
            of_rows(
                "updates for followers",
                _("whom updates went to, months ago or who does nothing here any more"),
                UpdateForFollower.objects.to_anonymise,
                lambda rows: UpdateForFollower.objects.filter(
                    pk__in=rows.values("pk")
                ).erase(),
                turn=4,
            ),
            of_rows(
                "addresses",
                _("email addresses that nothing else refers to"),
                Supporter.objects.without_acts,
                delete,
                turn=5,
            ),
            of_rows(
                "audit entries",
                _("words of the audit trail about people who are not there any more"),
                audit.about_nobody,
                audit.empty,
                turn=6,
            ),
            of_rows(
                "erasures",
                _("hashes of erased addresses, when no backup is as old any more"),
                Erasure.objects.outdated,
                delete,
            ),
            of_rows(
                "requests to erase left open",
                _("addresses of requests to erase that nobody confirmed"),
                ErasureRequest.objects.left_open,
                ErasureRequestQuerySet.close,
            ),
            of_rows(
                "requests to erase",
                _("requests to erase somebody, with their receipts"),
                ErasureRequest.objects.outdated,
                delete,
            ),
            of_rows(
                "retention runs",
                _("reports of former retention runs"),
                RetentionRun.objects.outdated,
                delete,
            ),
        ]

    def company(self, row):
        from supporters.deleting import company

        return company(row)

    def delete_with(self, row):
        from supporters.follow.models import Follow

        Follow.objects.filter(campaign=row.pk).delete()

    def ready(self):
        import supporters.acts.mails
        import supporters.follow.mails
        import supporters.follow.sample_mail
        import supporters.follow.updates
        import supporters.my_page.mails  # noqa: F401  kinds of mails
