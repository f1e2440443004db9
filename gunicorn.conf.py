import os

from gunicorn.glogging import Logger

from campaign_site.logs import JsonLines, Lines


class MaskedLog(Logger):
    """What gunicorn itself says of a request, without personal data, too."""

    def setup(self, cfg):
        super().setup(cfg)
        lines = Lines(self.error_fmt, self.datefmt)
        is_plain = (
            os.environ.get("DEVELOPMENT") or os.environ.get("LOG_FORMAT") == "line"
        )
        for handler in self.error_log.handlers:
            handler.setFormatter(lines if is_plain else JsonLines())


logger_class = MaskedLog
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))

# An idle connection waits in the worker's poller and holds no thread.
keepalive = 5
timeout = 30
graceful_timeout = 20

# Room for every header a browser or a proxy adds, and for little else.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# An access log is a list of who read what, and when.
accesslog = None

# Its default place is the home of whoever runs this; nothing here uses it.
control_socket_disable = True

# A worker shows that it lives by touching a file, which a busy disk can delay.
if os.path.isdir("/dev/shm"):
    worker_tmp_dir = "/dev/shm"

# For --reload: Django caches templates in development as well.
reload_extra_files = ["templates/**/*.*"]


def post_worker_init(worker):
    """Keep the collector off what is there for good: it would look at all of the
    loaded code again and again, and find nothing to free."""
    import gc

    gc.collect()
    gc.freeze()


def worker_exit(server, worker):
    """Store the page views that were counted since the last time."""
    from django.apps import apps

    if apps.ready:
        from campaigns import page_views

        page_views.store()
