"""What is forgotten of comments, and when. Harmless to repeat."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from comments import models


def forget():
    """Empty old spam and drop old network hashes; returns how many of each."""
    now = timezone.now()
    spam = models.Comment.objects.filter(
        hidden_for="spam",
        hidden_at__lt=now - timedelta(days=settings.KEEP_SPAM_DAYS),
        removed_at=None,
    )
    emptied = 0
    for comment in spam.select_related("campaign").iterator(chunk_size=500):
        comment.remove()
        emptied += 1
    limit = now - timedelta(days=settings.KEEP_NETWORK_HASH_DAYS)
    old = models.Comment.objects.filter(written_at__lt=limit).exclude(network_hash="")
    hashes = old.update(network_hash="")
    old = models.Report.objects.filter(reported_at__lt=limit).exclude(network_hash="")
    return emptied, hashes + old.update(network_hash="")
