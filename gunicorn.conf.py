import os
import shutil
import signal
import sys
import tempfile

from gunicorn.glogging import Logger
from gunicorn.systemd import sd_notify

from campaign_site.logs import JsonLines, Lines


class MaskedLog(Logger):
    """gunicorn's own words about a request, without personal data, too."""

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

# Enough for every header that a browser or a proxy adds, and little more.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# An access log would be a list of who read what, and when.
accesslog = None

# Its default place is the home folder of the user; nothing here uses it.
control_socket_disable = True

# A worker shows that it lives by touching a file, which a busy disk can delay.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None

# Where each worker counts its requests, in a file of its own: request_times.py.
METRICS_DIR = "PROMETHEUS_MULTIPROC_DIR"
# Where the workers keep the newest of each page for each other: pages/machine_cache.py.
PAGES_DIR = "PAGES_DIR"

# The code is loaded once, before the fork, so that the processes share its memory: each
# further one has 49 MB of its own and not 122 (`bench/run.py`, “own memory”). With
# --reload each loads its own, since a fork would keep the old code.
preload_app = "--reload" not in sys.argv

# For --reload, since Django caches templates in development as well.
reload_extra_files = ["templates/**/*.*"]


def on_starting(server):
    """Make room for what the workers share."""
    if not os.environ.get("REDIS_URL"):
        os.environ[PAGES_DIR] = tempfile.mkdtemp(prefix="pages-", dir=worker_tmp_dir)
    if os.environ.get("METRICS_TOKEN"):
        made = tempfile.mkdtemp(prefix="metrics-", dir=worker_tmp_dir)
        os.environ[METRICS_DIR] = made


def when_ready(server):
    """Load what requests need before the fork, and keep the garbage collector off it.

    It would look at all of that again and again, and copy it into each process. Then
    the one before, which was told by USR2 to start this one, ends when its requests are
    answered. So a reload takes new code without a break, and code that does not start
    leaves the old one running.
    """
    import gc

    if preload_app and server.app.app_uri.startswith("campaign_site."):
        from pages.preloading import preload

        preload()
    gc.collect()
    gc.freeze()
    if server.master_pid:
        sd_notify(f"MAINPID={server.pid}", server.log)
        os.kill(server.master_pid, signal.SIGTERM)


def worker_exit(server, worker):
    """Store the page views that were counted since the last time."""
    from django.apps import apps

    if apps.ready:
        from campaigns import page_views

        page_views.store()


def on_exit(server):
    """Remove what the workers have shared: the next start, or reload, begins at 0."""
    for folder in (METRICS_DIR, PAGES_DIR):
        if folder in os.environ:
            shutil.rmtree(os.environ[folder], ignore_errors=True)
