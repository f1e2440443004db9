"""The mails about comments: to their writers, and to those whom they answer.

Each follows from the state as it is when the mail is written, a few minutes after the
decision. One may come twice when a worker dies at the wrong moment, never not at all.
"""

from django.db.models.functions import Now

from supporters.follow.frequency import Frequency


def tell_writer(comment):
    """Tell the writer what became of it: shown, or hidden and why."""
    if comment.confirmation is None or comment.removed_at:
        return
    if comment.hidden_at:
        _tell_hidden(comment)
    elif comment.shown_at:
        _tell_shown(comment)


def tell_of_reply(comment):
    """Tell the writer of the comment that is answered, if they asked and confirmed."""
    answered = comment.parent
    is_over = comment.reply_told_at or not comment.is_shown or answered is None
    if is_over or not answered.wants_replies:
        return
    if comment.reply_due_at:
        return  # it waits for its day
    asked = answered.confirmation
    is_own = comment.confirmation and (
        comment.confirmation.supporter_id == asked.supporter_id
    )
    may_be_told = asked.used_at and answered.is_shown and not is_own
    subscription = answered.subscription if may_be_told else None
    if may_be_told and subscription.stopped_at is None:
        if subscription.frequency != Frequency.IMMEDIATE:
            _note(comment, reply_due_at=subscription.next_due)
            return
        answered.send(
            "comment_reply",
            {"comment": answered, "reply": comment, "reply_url": comment.mailed_url},
        )
    _note(comment, reply_told_at=Now())


def _tell_hidden(comment):
    """The reason, and what can be done; due process wants it, whatever was ticked.

    To an address that nobody has confirmed goes only the question who it was, and for
    what looks like spam nothing: its addresses are stolen ones.
    """
    hiding = comment.moderations.filter(
        act__in=("hide", "uphold"), undone_at=None
    ).first()
    state = "upheld" if hiding is not None and hiding.act == "uphold" else "hidden"
    told = f"{state} {hiding and hiding.pk}"
    if comment.writer_told == told:
        return
    if comment.subscription.stopped_at is None:
        if comment.confirmation.used_at:
            comment.send("comment_hidden", {"comment": comment, "state": state})
        elif comment.hidden_for != "spam" and not comment.is_suspect:
            stop_url = comment.subscription.stop_url(comment.language)
            context = {**comment.mail_context(), "stop_url": stop_url}
            comment.confirmation.send("comment_hidden_confirm", context)
    _note(comment, writer_told=told)


def _tell_shown(comment):
    """That it shows, to who asked for it, and to who was told that it was hidden."""
    if comment.writer_told == "shown":
        return
    is_news = comment.writer_told.startswith(("hidden", "upheld"))
    wants_it = (comment.wants_news and comment.approved_at) or is_news
    if (
        wants_it
        and comment.confirmation.used_at
        and not comment.subscription.stopped_at
    ):
        comment.send("comment_shown", {"comment": comment})
    _note(comment, writer_told="shown")


def _note(comment, **told):
    """Write it down, unless its writer has changed the comment meanwhile."""
    same = type(comment).objects.filter(pk=comment.pk, edited_at=comment.edited_at)
    same.update(**told)
