from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    name = "petitions"

    def ready(self):
        import petitions.signing.mails  # noqa: F401  kinds of mails

    def waiting(self, user):
        from petitions import waiting

        return waiting.waiting(user)

    def figures(self):
        from petitions import figures

        return figures.figures()

    def company(self, row):
        from petitions.deleting import company

        return company(row)

    def delete_with(self, row):
        from petitions.petition import Petition

        for petition in Petition.objects.filter(campaign=row.pk):
            petition.delete()

    def retention(self):
        from database.retention import delete, of_rows
        from petitions.fraud import trends
        from petitions.fraud.models import Invalidation, InvalidationQuerySet
        from petitions.handover.models import Bundle, BundleQuerySet
        from petitions.names.models import NameReport, NameReportQuerySet
        from petitions.paper.models import PaperBatch, PaperBatchQuerySet
        from petitions.signing import retention
        from petitions.signing.signatures import SignatureQuerySet

        return [
            of_rows(
                "signatures",
                _("signatures that were not confirmed in time, or do not count"),
                retention.outdated,
                delete,
            ),
            of_rows(
                "networks of signatures",
                _("hashes of the networks that signatures came from"),
                retention.with_old_network_hash,
                retention.forget_network,
            ),
            of_rows(
                "networks of name reports",
                _("hashes of the networks that reports of names came from"),
                NameReport.objects.with_old_network_hash,
                NameReportQuerySet.forget_network,
            ),
            of_rows(
                "alerts about networks",
                _("alerts that name a network by the beginning of its hash"),
                trends.outdated,
                delete,
            ),
            of_rows(
                "invalidations",
                _("how signatures were found that were taken out of the count"),
                Invalidation.objects.with_traces,
                InvalidationQuerySet.forget_traces,
            ),
            of_rows(
                "signers",
                _("signers of petitions over and handed over, made anonymous"),
                retention.to_anonymise,
                SignatureQuerySet.anonymise,
            ),
            of_rows(
                "paper",
                _("names and scans on paper, of petitions over and handed over"),
                PaperBatch.objects.to_anonymise,
                PaperBatchQuerySet.anonymise,
            ),
            of_rows(
                "bundles",
                _("files for officials that were made days ago"),
                Bundle.objects.outdated,
                BundleQuerySet.forget,
            ),
        ]
