"""Acts that happen at one moment, for tests with `django_db(transaction=True)`."""

import threading
import time

from django.db import connection


def at_once(acts):
    """Do these in threads of their own, started together; raise what they raise."""
    start, errors = threading.Barrier(len(acts)), []

    def do(act):
        try:
            start.wait()
            act()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors


def wait_until_somebody_waits_for_a_row():
    give_up = time.monotonic() + 300
    with connection.cursor() as cursor:
        while time.monotonic() < give_up:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")
