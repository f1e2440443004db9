"""Answers a monitor: whether this process works, and what it depends on."""

from django.db import Error, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache

from database import queue
from outbox.models import OutgoingMail
from pages.read_only import read_only

# A worker says every ten seconds that it lives (Procrastinate's default).
WORKER_IS_GONE_AFTER = 60


def worker_lives():
    """Whether a worker has said so lately."""
    heartbeat = queue.seconds_since_heartbeat()
    return heartbeat is not None and heartbeat < WORKER_IS_GONE_AFTER


@never_cache
@read_only
def healthz(request):
    """200 while pages and forms work, 503 when the database does not answer.

    A queue that is behind, or has no worker, is reported with a 200: forms still store
    what people send, and taking the web process away would lose it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found = {
            "database": "ok",
            "queue_seconds": round(queue.seconds_behind()),
            "mail_seconds": round(OutgoingMail.objects.seconds_behind()),
            "worker": "ok" if worker_lives() else "gone",
        }
    except Error:
        return JsonResponse({"process": "ok", "database": "away"}, status=503)
    return JsonResponse({"process": "ok", **found})
