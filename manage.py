#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # Behind a pooler, a worker hears of no job, and a backup is not of one moment. So
    # only web processes speak through it (decision 67).
    if direct := os.environ.pop("DIRECT_DATABASE_URL", ""):
        os.environ["DATABASE_URL"] = direct
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign_site.settings")
    execute_from_command_line(sys.argv)
