from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    name = "petitions"

    def retention(self):
        from campaign_site.retention import delete, of_rows
        from petitions.models import (
            Invalidation,
            InvalidationQuerySet,
            Signature,
            SignatureQuerySet,
        )

        return [
            of_rows(
                "signatures",
                _("signatures that were not confirmed in time, or do not count"),
                Signature.objects.outdated,
                delete,
            ),
            of_rows(
                "networks of signatures",
                _("hashes of the networks that signatures came from"),
                Signature.objects.with_old_network_hash,
                SignatureQuerySet.forget_network,
            ),
            of_rows(
                "invalidations",
                _("how signatures were found that were taken out of the count"),
                Invalidation.objects.with_traces,
                InvalidationQuerySet.forget_traces,
            ),
            of_rows(
                "signers",
                _("signers of campaigns that ended months ago, made anonymous"),
                Signature.objects.to_anonymise,
                SignatureQuerySet.anonymise,
            ),
        ]
