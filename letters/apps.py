from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "letters"

    def ready(self):
        # Importing them registers the purposes of their mails.
        import letters.officials.mails
        import letters.receipt.asking
        import letters.recipients.mails
        import letters.sending.mails
        import letters.suggested.mails
        import letters.writing.mails  # noqa: F401  kinds of mails

    def promises(self):
        from letters import promises

        return promises.promises()

    def waiting(self, user, campaign=None):
        from letters import waiting

        return waiting.waiting(user, campaign)

    def figures(self):
        from letters import figures

        return figures.figures()

    def funnel(self, user, campaign, period):
        from letters import figures

        return figures.funnel(user, campaign, period)

    def take_mail(self, message):
        from letters.officials.by_mail import take_answer

        return take_answer(message)

    def news(self, campaign):
        from letters.officials import published_answer

        return published_answer.news(campaign)

    def calendar(self, campaign):
        from letters.suggested import meetings

        return meetings.in_calendar(campaign)

    def who_have(self, done, campaign):
        """The supporters who have confirmed a letter of a campaign."""
        from letters.writing.models import Letter

        if done != "written":
            return None
        written = Letter.objects.confirmed().filter(suggested_letter__campaign=campaign)
        owner = "confirmation__supporter"
        return written.filter(confirmation__isnull=False).values(owner)

    def dependents(self, row):
        from letters.deleting import dependents

        return dependents(row)

    def delete_with(self, row):
        from letters.suggested.models import SuggestedLetter
        from letters.writing.models import Letter

        Letter.objects.filter(suggested_letter__campaign=row.pk).delete()
        SuggestedLetter.objects.filter(campaign=row.pk).delete()
