"""Mails that did not arrive, and of which others, as conditions on their rows."""

from django.db.models import Q

# Their server refused it, or it came back later.
CAME_BACK = Q(outcome="refused") | Q(bounced_at__isnull=False)
FAILED = CAME_BACK | Q(outcome="given_up")
# Mails that nobody waits for, arrived or not: an index finds those to a domain.
ENDED_BULK = Q(lane="bulk", settled_at__isnull=False)
