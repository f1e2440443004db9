"""Brings the development database up to date: tables, demo campaign, staff login.

If LOAD_DEMO is empty, there is no demo campaign.
"""

import os
import sys
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent


def main(username, password):
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign_site.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(one_line(error))
    check_database()
    call_command("migrate", interactive=False, verbosity=0)
    if os.environ["LOAD_DEMO"]:
        call_command("load_demo")
    make_staff_login(username, password)


def check_database():
    """Connect once: the pool would try for ten seconds, and complain each time."""
    from django.db import connection

    if connection.vendor != "postgresql":
        sys.exit("DATABASE_URL names no PostgreSQL, and the site runs on nothing else.")
    try:
        connection.Database.connect(**connection.get_connection_params()).close()
    except connection.Database.Error as error:
        sys.exit(f"The database in DATABASE_URL cannot be used ({one_line(error)}).")


def make_staff_login(username, password):
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if not users.filter(username=username).exists():
        users.create_superuser(
            username, email=os.environ["CONTACT_EMAIL"], password=password
        )


def one_line(error):
    return " ".join(str(error).split())


if __name__ == "__main__":
    main(os.environ["STAFF_USERNAME"], os.environ["STAFF_PASSWORD"])
