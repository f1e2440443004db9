"""The demo of bin/dev."""

from django.core.management import call_command

from tests.made_once import made_once


def load_demo():
    """Load the demo into a database without campaigns, as the command does."""
    made_once("the demo", lambda: call_command("load_demo", verbosity=0))
