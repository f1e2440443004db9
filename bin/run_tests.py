"""Runs pytest with a browser, a database and a fixed environment; see bin/test."""

import os
import random
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import messages
from browser import find_browser
from nginx import find_nginx
from pgbouncer import find_pgbouncer
from postfix import find_postfix
from postgres import run_with_database
from spamassassin import find_spamassassin
from systemd import find_systemd_analyze

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
    # Tests send many letters to few officials, and most are not about the pace.
    "LETTERS_AN_HOUR": "0",
}
# With the last one, each process of the site that a test starts would compile all code.
UNSET = (
    "DEBUG",
    "LANGUAGES",
    "MAIL_SINK_DIR",
    "REDIS_URL",
    "ROOMS",
    "STATIC_ROOT",
    "PYTHONDONTWRITEBYTECODE",
)
# With these options the tests must run in one process, or the caller has chosen.
DECIDES_ABOUT_XDIST = ("-n", "--numprocesses", "--dist", "-p", "--pdb", "--trace")
# This option draws a moment, a time zone and an order for the tests, and prints them.
ANY_HOUR = "--any-hour"
# `--without wordpress` leaves a room of the settings out, with its own tests.
WITHOUT = "--without"
ROOMS = {"access_keys", "paper", "volunteers", "wordpress"}
ZONES = ("UTC", "America/Los_Angeles", "Asia/Seoul")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
YEARS = 3  # a moment is drawn from the years to come


def main(arguments):
    os.chdir(ROOT)
    os.environ.update(ENVIRONMENT)
    for name in UNSET:
        os.environ.pop(name, None)
    arguments = _without_rooms(arguments)
    drawn = _drawn() if ANY_HOUR in arguments else []
    arguments = [a for a in arguments if a != ANY_HOUR] + drawn
    _say(drawn)
    messages.compile_all()
    os.environ["CHROMIUM"] = find_browser()
    os.environ["NGINX"] = find_nginx()
    os.environ["POOLER"] = find_pgbouncer()
    os.environ["POSTFIX"] = find_postfix()
    os.environ["SPAMASSASSIN"] = find_spamassassin()
    os.environ["SYSTEMD_ANALYZE"] = find_systemd_analyze()
    if os.cpu_count() > 1 and not any(
        argument.startswith(DECIDES_ABOUT_XDIST) for argument in arguments
    ):
        # A process for each core: on two, a third one took 40 seconds of CPU more, and
        # was slower. Groups of tests come first, since those with a browser wait most.
        arguments = [f"-n{os.cpu_count()}", "--dist=loadgroup", *arguments]
    code = run_with_database([sys.executable, "-m", "pytest", *arguments])
    if code:
        _say(drawn)
    return code


def _without_rooms(arguments):
    """The arguments for pytest; the environment says which rooms there are."""
    rooms, rest = set(ROOMS), list(arguments)
    while WITHOUT in rest:
        at = rest.index(WITHOUT)
        if not rooms.intersection(rest[at + 1 : at + 2]):
            sys.exit(f"{WITHOUT} needs one of these behind it: {', '.join(rooms)}.")
        name = rest[at + 1]
        rooms.remove(name)
        own = f"--ignore=tests/{name}", f"--ignore-glob=*/test_{name}*"
        rest[at : at + 2] = own
    os.environ["ROOMS"] = ",".join(sorted(rooms))
    return rest


def _drawn():
    """A drawn moment, zone and order; a failed run can be repeated with them."""
    os.environ["TZ"] = random.choice(ZONES)
    return [
        f"--clock={_any_moment():%Y-%m-%dT%H:%MZ}",
        f"--order={random.randrange(10**6)}",
    ]


def _say(drawn):
    if drawn:
        again = f"TZ={os.environ['TZ']} bin/test {' '.join(drawn)}"
        print(f"bin/test: drawn by chance; the same again: {again}", flush=True)


def _any_moment():
    """A drawn minute to come, often one at which something changes."""
    today = datetime.now(UTC).date()
    days = [today + timedelta(days=n) for n in range(1, 366 * YEARS)]
    special = [day for day in days if _is_special(day)]
    day = random.choice(random.choice([days, special]))
    minutes = [time(0, 1), time(11, 59), time(23, 59)]
    any_minute = time(random.randrange(24), random.randrange(60))
    minute = random.choice([*minutes, any_minute])
    return datetime.combine(day, minute, UTC)


def _is_special(day):
    """Whether it is a last day of February or of the year, or clocks change on it."""
    noons = [
        datetime.combine(day - timedelta(days=back), time(12), LOS_ANGELES)
        for back in (0, 1)
    ]
    if noons[0].utcoffset() != noons[1].utcoffset():
        return True
    return (day.month, day.day) in ((2, 28), (2, 29), (12, 31))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
