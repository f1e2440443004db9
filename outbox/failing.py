"""Mails that did not arrive, and of which others, as conditions on their rows."""

from django.db.models import Q

# Their server refused it, or it came back later.
CAME_BACK = Q(outcome="refused") | Q(bounced_at__isnull=False)
FAILED = CAME_BACK | Q(outcome="given_up")
