"""Runs pytest with a browser, a database and a fixed environment; see bin/test."""

import os
import sys
from pathlib import Path

from browser import find_browser
from nginx import find_nginx
from postgres import run_with_database

ROOT = Path(__file__).resolve().parent.parent
# The developer's own settings must not decide whether a test passes.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "campaign_site.settings",
    "DEVELOPMENT": "1",
    "SECRET_KEY": "known to everyone, and good for nothing but the tests",
    "SITE_URL": "http://testserver",
    "SITE_NAME": "Letters for Animals",
    "DEFAULT_FROM_EMAIL": "Letters for Animals <hello@letters.example>",
    "CONTACT_EMAIL": "hello@letters.example",
    "CONTROLLER": "Letters for Animals, 1 Example Street, Bakersfield",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    # Tests send many letters to few officials, most of them about something else.
    "LETTERS_AN_HOUR": "0",
    "LETTERS_AN_HOUR_TO_DOMAIN": "0",
}
UNSET = ("DEBUG", "MAIL_SINK_DIR", "REDIS_URL", "STATIC_ROOT")
# One more process than there are cores: a test waits for its browser or its worker for
# a quarter of the time. In pytest-django's order: tests that commit come last.
ON_EVERY_CORE = ("--dist", "loadgroup", "--no-loadscope-reorder")
# With these the tests have to run in one process, or the caller has chosen.
DECIDES_ABOUT_XDIST = ("-n", "--numprocesses", "--dist", "-p", "--pdb", "--trace")


def main(arguments):
    os.chdir(ROOT)
    os.environ.update(ENVIRONMENT)
    for name in UNSET:
        os.environ.pop(name, None)
    os.environ["CHROMIUM"] = find_browser()
    os.environ["NGINX"] = find_nginx()
    if os.cpu_count() > 1 and not any(
        argument.startswith(DECIDES_ABOUT_XDIST) for argument in arguments
    ):
        processes = f"-n{os.cpu_count() + 1}"
        arguments = [processes, *ON_EVERY_CORE, *arguments]
    return run_with_database([sys.executable, "-m", "pytest", *arguments])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
