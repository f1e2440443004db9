"""Acts that happen at one moment, for tests with `django_db(transaction=True)`."""

import threading

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
