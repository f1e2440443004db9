from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    name = "petitions"

    def ready(self):
        import petitions.signing.mails  # noqa: F401  kinds of mails
        from database import retention
        from petitions import private_files

        retention.add(
            retention.Rule(
                "stray files",
                _("private files that belong to nothing"),
                lambda: len(private_files.strays()),
                private_files.strays,
                private_files.forget,
            )
        )

    def promises(self):
        from petitions import promises

        return promises.promises()

    def noticed(self, notice, place):
        from petitions.names import notices

        return notices.noticed(notice, place)

    def desk_of_notice(self, notice):
        from petitions.names import notices

        return notices.desk_of_notice(notice)

    def inbox(self):
        from petitions.names.inbox import NamesTab

        return [NamesTab()]

    def waiting(self, user, campaign=None):
        from petitions import waiting

        return waiting.waiting(user, campaign)

    def figures(self):
        from petitions import figures

        return figures.figures()

    def funnel(self, user, campaign, period):
        from petitions import figures

        return figures.funnel(user, campaign, period)

    def timeline(self, user, campaign):
        from petitions import timeline

        return timeline.timeline(user, campaign)

    def who_have(self, done, campaign):
        """The supporters who are counted under the petition of a campaign."""
        from petitions.signing.models import Signature

        if done != "signed":
            return None
        counted = Signature.objects.counted().filter(petition__campaign=campaign)
        owner = "confirmation__supporter"
        return counted.filter(confirmation__isnull=False).values(owner)

    def dependents(self, row):
        from petitions.deleting import dependents

        return dependents(row)

    def delete_with(self, row):
        from petitions.petition import Petition

        for petition in Petition.objects.filter(campaign=row.pk):
            petition.delete()
