from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportersConfig(AppConfig):
    name = "supporters"
    verbose_name = _("Supporters")

    def waiting(self, user):
        from supporters import waiting

        return waiting.waiting(user)

    def retention(self):
        from campaign_site.retention import delete, of_rows
        from supporters import models
        from supporters.models import audit

        return [
            of_rows(
                "visits",
                _("visits to my page, a day after they were asked for"),
                models.Visit.objects.outdated,
                delete,
            ),
            of_rows(
                "follows",
                _("follows that nobody confirmed"),
                models.Follow.objects.outdated,
                delete,
                turn=2,
            ),
            of_rows(
                "stopped follows",
                _("follows that were stopped weeks ago"),
                models.Follow.objects.stopped_long_ago,
                delete,
            ),
            of_rows(
                "mails",
                _("notes of mails that were sent months ago"),
                models.SentMail.objects.outdated,
                delete,
            ),
            of_rows(
                "confirmations",
                _("confirmations whose act is gone, with the consents given there"),
                models.Confirmation.objects.without_acts,
                delete,
                turn=3,
            ),
            of_rows(
                "copies of updates",
                _("whom updates went to, months ago or who does nothing here any more"),
                models.Copy.objects.to_anonymise,
                lambda copies: models.Copy.objects.filter(
                    pk__in=copies.values("pk")
                ).erase(),
                turn=4,
            ),
            of_rows(
                "addresses",
                _("email addresses that nothing else refers to"),
                models.Supporter.objects.without_acts,
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
                models.Erasure.objects.outdated,
                delete,
            ),
            of_rows(
                "requests to erase left open",
                _("addresses of requests to erase that nobody confirmed"),
                models.ErasureRequest.objects.left_open,
                models.ErasureRequestQuerySet.close,
            ),
            of_rows(
                "requests to erase",
                _("requests to erase somebody, with their receipts"),
                models.ErasureRequest.objects.outdated,
                delete,
            ),
            of_rows(
                "nights",
                _("reports of former nights"),
                models.Night.objects.outdated,
                delete,
            ),
        ]

    def company(self, row):
        from supporters.deleting import company

        return company(row)

    def delete_with(self, row):
        from supporters.models import Follow

        Follow.objects.filter(campaign=row.pk).delete()

    def forget_address(self, email):
        """An address that is erased: its block holds on, and others' words lose it."""
        from django.contrib.admin.models import LogEntry

        from campaign_site.redaction import take_out_address
        from safeguards.blocks import Block
        from supporters import models
        from supporters.models import audit

        Block.objects.forget_address(email)
        take_out_address(Block.objects.all(), email, "note")
        models.ErasureRequest.objects.forget_address(email)
        take_out_address(models.ErasureRequest.objects.all(), email, "reason")
        # A name that a stranger typed stands in what was agreed to, too.
        take_out_address(models.Consent.objects.all(), email, "words")
        take_out_address(models.Follow.objects.all(), email, "stopped_words")
        take_out_address(models.Copy.objects.all(), email, "reply")
        take_out_address(LogEntry.objects.all(), email, "object_repr", "change_message")
        audit.empty(audit.about_nobody())

    def ready(self):
        from supporters import bounces  # noqa: F401  listens to providers' webhooks
