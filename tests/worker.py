"""What a worker process needs to work on the test's database and relay."""

import os
from urllib.parse import urlsplit

from django.db import connection


def worker_environment(smtp_port):
    database = urlsplit(os.environ["DATABASE_URL"])
    database = database._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        **os.environ,
        "DATABASE_URL": database.geturl(),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
    }
