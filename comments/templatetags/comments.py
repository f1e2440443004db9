from django import template

from comments.models import Comment

register = template.Library()


@register.inclusion_tag("comments/_thread.html")
def comment_thread(campaign):
    """The conversations under a campaign, oldest first."""
    conversations, replies = [], {}
    comments = list(Comment.objects.shown().filter(campaign=campaign).order_by("pk"))
    for comment in comments:
        if comment.root_id is None:
            conversations.append(comment)
        else:
            replies.setdefault(comment.root_id, []).append(comment)
    for comment in conversations:
        comment.shown_replies = replies.get(comment.pk, [])
    return {
        "campaign": campaign,
        "conversations": conversations,
        "total": sum(1 + len(c.shown_replies) for c in conversations),
    }
