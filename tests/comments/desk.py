"""The moderators’ desk as tests use it: its buttons, and what its page shows."""

import re

from comments.models import Comment

INBOX = "/admin/inbox/comments/"
DESK = "/admin/comments/comment/desk/"


def pressing(client):
    def press(comment, decision, *, seen=None, **fields):
        comment = Comment.objects.get(pk=comment.pk)
        fields.setdefault("seen", comment.version if seen is None else seen)
        return client.post(
            f"{DESK}{comment.pk}/decisions/",
            {"decision": decision, **fields},
            follow=True,
        )

    return press


def undo_offered(page):
    """Press the Undo button that stands beside what was done."""
    part = page.text.split('class="desk-done"')[1].split("</form>")[0]
    [action] = re.findall(r'action="([^"]+)"', part)
    [last] = re.findall(r'name="last" value="(\d+)"', part)
    return page.client.post(action, {"decision": "undo", "last": last}, follow=True)


def opened(page):
    """The name over the comment that the page shows."""
    return re.search(r'id="desk-name"><bdi>(.*?)</bdi>', page.text)[1]


def queue(page):
    """The names in the inbox, for who has opened this page."""
    inbox = page.client.get(INBOX)
    return re.findall(r"<b><bdi>(.*?)</bdi></b>", inbox.text)


def state(comment):
    return Comment.objects.values().get(pk=comment.pk) | {"version": 0}
