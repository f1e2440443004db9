from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "letters"

    def ready(self):
        # What their mails are for.
        import letters.officials.mails
        import letters.recipients.mails
        import letters.sending.mails
        import letters.suggested.mails
        import letters.writing.mails  # noqa: F401  kinds of mails

    def waiting(self, user):
        from letters import waiting

        return waiting.waiting(user)

    def figures(self):
        from letters import figures

        return figures.figures()

    def company(self, row):
        from letters.deleting import company

        return company(row)

    def delete_with(self, row):
        from letters.suggested.models import SuggestedLetter
        from letters.writing.models import Letter

        Letter.objects.filter(suggested_letter__campaign=row.pk).delete()
        SuggestedLetter.objects.filter(campaign=row.pk).delete()

    def retention(self):
        from database.retention import delete, of_rows
        from letters.officials.activity import OfficialActivity
        from letters.officials.answers import AnswerCopy, OfficialAnswer
        from letters.officials.corrections import AddressCorrection
        from letters.officials.visits import OfficialVisit
        from letters.recipients.pace import outdated_hours
        from letters.writing.letters import LetterQuerySet
        from letters.writing.models import Letter
        from letters.writing.reported import ReportedLetter, ReportedLetterQuerySet

        return [
            of_rows(
                "letters",
                _("letters that were not confirmed in time, or turned down"),
                Letter.objects.outdated,
                delete,
            ),
            of_rows(
                "letter texts",
                _("texts of letters that were sent weeks ago"),
                Letter.objects.with_text_to_remove,
                LetterQuerySet.remove_text,
            ),
            of_rows(
                "writers",
                _("writers to campaigns that ended months ago, made anonymous"),
                Letter.objects.to_anonymise,
                LetterQuerySet.erase,
            ),
            of_rows(
                "letters told of",
                _("who told us of a letter, of campaigns that ended months ago"),
                ReportedLetter.objects.to_anonymise,
                ReportedLetterQuerySet.erase,
            ),
            of_rows(
                "turns",
                _("how many letters a mail domain got in an hour that is over"),
                outdated_hours,
                delete,
            ),
            of_rows(
                "visits of officials",
                _("visits to officials’ pages, a day after they were asked for"),
                OfficialVisit.objects.outdated,
                delete,
            ),
            of_rows(
                "addresses of officials",
                _("addresses that officials typed, a day later"),
                AddressCorrection.objects.outdated,
                delete,
            ),
            of_rows(
                "activity of officials",
                _("what officials changed on their pages, a long time ago"),
                OfficialActivity.objects.outdated,
                delete,
            ),
            of_rows(
                "answers to all",
                _("answers of officials that were turned down weeks ago"),
                OfficialAnswer.objects.outdated,
                delete,
            ),
            of_rows(
                "copies of answers",
                _("whom an official’s answer went to, months ago"),
                AnswerCopy.objects.outdated,
                delete,
            ),
        ]
