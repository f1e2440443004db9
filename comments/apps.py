from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self):
        from comments import desk_mail, mails  # noqa: F401  tasks, and kinds of mails

    def dependents(self, row):
        from django.utils.translation import ngettext

        from campaigns.models import Campaign
        from comments.models.comment import Comment
        from versions.deletion import Dependents

        found = Dependents()
        if isinstance(row, Campaign):
            number = Comment.objects.filter(campaign=row.pk).count()
            if number:
                said = ngettext("%d comment", "%d comments", number)
                found.goes.append(said % number)
        return found

    def delete_with(self, row):
        from comments.models.comment import Comment

        Comment.objects.filter(campaign=row.pk).delete()

    def noticed(self, notice, place):
        from comments import notices

        return notices.noticed(notice, place)

    def desk_of_notice(self, notice):
        from comments import notices

        return notices.desk_of_notice(notice)

    def promises(self):
        from comments import promises

        return promises.promises()

    def inbox(self):
        from comments.inbox import CommentsTab

        return [CommentsTab()]

    def waiting(self, user, campaign=None):
        from comments import waiting

        return waiting.waiting(user, campaign)

    def figures(self):
        from comments import figures

        return figures.figures()
