"""Mails that did not arrive, and of which others, as conditions on their rows."""

from django.db.models import Q

# A domain at which more than this share fails, and at least so many, is in trouble.
# Fewer are some old addresses, of however few mails.
TROUBLE_PERCENT, TROUBLE_LEAST = 2, 10

# Their server refused it, or it came back later.
CAME_BACK = Q(outcome="refused") | Q(bounced_at__isnull=False)
FAILED = CAME_BACK | Q(outcome="given_up")
# Their server, or ours, wants them later.
PUT_OFF = Q(settled_at=None) & ~Q(reply="")
# Mails that nobody waits for, arrived or not: an index finds those to a domain.
ENDED_BULK = Q(lane="bulk", settled_at__isnull=False)
