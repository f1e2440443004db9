"""The mail that brings updates to a follower."""

from copy import copy

from campaigns.models.text import localize
from campaigns.models.update import tell_updates
from outbox import mail
from pages.addresses import absolute_reverse
from supporters.follow.models import Follow

LONGEST_NAME = 40
# Hardly anybody follows in more ways than this; the link below stops all of them.
MOST_WAYS = 10


def update_mail(email, updates, follows, language, name=""):
    """The mail with these updates, for the follows by which they come.

    The updates say what they have in the language: see told(). Whoever has a first name
    is greeted by it; a very long one is none.
    """
    context = _context(updates, follows, language, follows[0].next_key, name)
    return mail.write(email, "update", context, language)


def told(updates, language):
    """Copies of these updates that say what they have in a language.

    So do their campaigns, and what they propose to sign next.
    """
    copies = [copy(update) for update in updates]
    for update in copies:
        update.campaign, update.follow_up = (
            copy(update.campaign),
            copy(update.follow_up),
        )
    localize([update.campaign for update in copies], language)
    localize([update.follow_up for update in copies], language)
    tell_updates(copies, language)
    return copies


def sample_update(update):
    """Subject, text and HTML as a follower of its campaign gets them, for staff."""
    campaign = update.campaign
    language = campaign.language
    follow = Follow(campaign=campaign, language=language, key="sample")
    said = told([update], language)
    context = _context(said, [follow], language, "sample", "Maria")
    return mail.render("update", context, language)


def _context(updates, follows, language, next_key, name):
    first, campaigns = follows[0], {update.campaign for update in updates}
    for follow in follows:
        follow.language = language  # of the pages that stop it
    for update in updates:
        update.sign_next_url = _sign_next_url(update.follow_up, next_key)
    is_one = len(follows) == 1
    return {
        "updates": updates,
        "update": updates[0],
        "name": name if len(name) <= LONGEST_NAME else "",
        "follows": follows[:MOST_WAYS],
        "stop_url": first.stop_url if is_one else first.stop_all_url,
        "campaign": campaigns.pop() if len(campaigns) == 1 else None,
    }


def _sign_next_url(campaign, key):
    """Where a follower signs a campaign's petition, by the key of their follow."""
    if campaign is None or not campaign.is_open:
        return ""
    return absolute_reverse(
        "petitions:next", campaign.language_of_pages, slug=campaign.slug, key=key
    )
