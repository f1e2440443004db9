from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self):
        from comments import desk_mail, mails  # noqa: F401  tasks, and kinds of mails

    def company(self, row):
        from django.utils.translation import ngettext

        from campaigns.models import Campaign
        from comments.models.comment import Comment
        from versions.company import Company

        found = Company()
        if isinstance(row, Campaign):
            number = Comment.objects.filter(campaign=row.pk).count()
            if number:
                said = ngettext("%d comment", "%d comments", number)
                found.goes.append(said % number)
        return found

    def delete_with(self, row):
        from comments.models.comment import Comment

        Comment.objects.filter(campaign=row.pk).delete()

    def waiting(self, user):
        from comments import waiting

        return waiting.waiting(user)

    def figures(self):
        from comments import figures

        return figures.figures()

    def retention(self):
        from comments.models.comment import Comment
        from comments.models.moderation import CommentReport, CommentReportQuerySet
        from comments.models.queryset import CommentQuerySet
        from comments.models.subscription import CommentSubscription
        from database.retention import delete, of_rows

        return [
            of_rows(
                "comments",
                _("spam, what nobody decided on, and what never showed, emptied"),
                Comment.objects.to_empty,
                CommentQuerySet.empty,
                # Each locks its thread, and whoever comments there waits.
                batch=50,
            ),
            of_rows(
                "repeated comments",
                _("comments that said again what had just been said, once decided on"),
                Comment.objects.settled_repeats,
                delete,
            ),
            of_rows(
                "networks of comments",
                _("hashes of the networks that comments came from"),
                Comment.objects.with_old_network_hash,
                CommentQuerySet.forget_network,
            ),
            of_rows(
                "networks of reports",
                _("hashes of the networks that reports came from"),
                CommentReport.objects.with_old_network_hash,
                CommentReportQuerySet.forget_network,
            ),
            of_rows(
                "words of reports",
                _("what readers wrote in reports that were answered weeks ago"),
                CommentReport.objects.with_old_words,
                CommentReportQuerySet.forget_words,
            ),
            of_rows(
                "comment subscriptions",
                _("wishes about mails of people of whom nothing else is stored"),
                CommentSubscription.objects.without_acts,
                delete,
                turn=4,
            ),
        ]
