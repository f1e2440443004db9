"""The question to a writer, and the mails about what became of a comment."""

from functools import partial

from procrastinate.contrib.django import app

from comments import models
from database.retrying import for_a_day
from supporters.acts.tasks import mail_now_or_later


@app.task(name="comments.mail_question", retry=for_a_day)
def mail_question(comment_pk, insists=False):
    if comment := _comment(comment_pk):
        mail = partial(comment.mails.mail_question, insists=insists)
        given = {"comment_pk": comment_pk, "insists": insists}
        mail_now_or_later(mail, comment, mail_question, **given)


@app.task(name="comments.tell_writer", retry=for_a_day)
def tell_writer(comment_pk):
    if comment := _comment(comment_pk):
        comment.mails.tell_writer()


@app.task(name="comments.tell_of_reply", retry=for_a_day)
def tell_of_reply(comment_pk):
    if comment := _comment(comment_pk):
        comment.mails.tell_of_reply()


def _comment(pk):
    return (
        models.Comment.objects.select_related(
            "campaign", "confirmation__supporter", "parent__confirmation__supporter"
        )
        .filter(pk=pk)
        .first()
    )
