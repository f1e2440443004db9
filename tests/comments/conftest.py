import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.letters.unruly import UnrulyServer


@pytest.fixture
def later(work):
    """Do what waits for its time, too: the mails that follow a decision."""

    def later():
        done = work()
        for job in ProcrastinateJob.objects.filter(status="todo").order_by("pk"):
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
            app.tasks[job.task_name].func(**job.args)
            done.append(job.task_name)
        return done

    return later


@pytest.fixture
def relay_of_comments(settings):
    """Our relay, which keeps the envelope of each mail."""
    server = UnrulyServer()
    settings.MAILERS["default"]["OPTIONS"]["port"] = server.port
    yield server
    server.stop()
