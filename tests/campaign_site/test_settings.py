"""The settings file as a server reads it, in a process of its own."""

import json
import os
import subprocess
import sys

import pytest

from tests.test_architecture import ROOT

COMPLETE = {
    "SECRET_KEY": "fifty-characters-or-more-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://letters.example",
    "CONTROLLER": "Letters for Animals, 1 Example Street",
    "CONTACT_EMAIL": "hello@letters.example",
    "DEFAULT_FROM_EMAIL": "Letters <hello@letters.example>",
    "EMAIL_URL": "smtp+tls://user:password@relay.letters.example:587",
    "DATABASE_URL": "postgres://postgres@/nothing?host=/tmp",
}
SHOW = """
import json
from campaign_site import settings
names = {name: value for name, value in vars(settings).items() if name.isupper()}
print(json.dumps(names, default=str))
"""


def run(command, **environment):
    # Only what Python itself needs from here: the settings come from the test.
    kept = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def settings_with(**environment):
    shown = run(["-c", SHOW], **COMPLETE, **environment)
    assert shown.stderr == ""
    return json.loads(shown.stdout)


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("value", [None, "  "])
def test_a_missing_setting_stops_the_start_and_says_what_to_do(name, value):
    environment = {**COMPLETE, name: value}
    if value is None:
        del environment[name]

    started = run(["-c", SHOW], **environment)

    assert started.returncode == 1
    assert started.stdout == ""
    assert started.stderr.startswith(
        f"{name} is not set. Set it in the environment, like {name}="
    )
    assert len(started.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["Pacific/Atlantis", "CET"])
def test_a_time_zone_that_cannot_be_chosen_stops_the_start(name):
    started = run(["-c", SHOW], **COMPLETE, TIME_ZONE=name)

    assert started.returncode == 1
    assert started.stderr.startswith(f"TIME_ZONE={name} is none that we know.")
    assert settings_with(TIME_ZONE="Asia/Seoul")["TIME_ZONE"] == "Asia/Seoul"


def test_the_web_process_does_not_start_without_its_secret():
    environment = {k: v for k, v in COMPLETE.items() if k != "SECRET_KEY"}

    started = run(["-c", "import campaign_site.wsgi"], **environment)

    assert started.returncode == 1
    assert "SECRET_KEY is not set." in started.stderr
    assert "Traceback" not in started.stderr


def test_a_site_over_https_has_secure_cookies_and_leads_there():
    found = settings_with()

    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["CSRF_COOKIE_SECURE"] is True
    assert found["CSRF_COOKIE_HTTPONLY"] is True
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert found["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert found["DEBUG"] is False
    assert found["DEVELOPMENT"] is False


def test_hsts_is_a_setting():
    assert settings_with(HSTS_SECONDS="3600")["SECURE_HSTS_SECONDS"] == 3600


def test_a_forwarded_scheme_is_believed_only_behind_a_proxy():
    assert "SECURE_PROXY_SSL_HEADER" not in settings_with()
    assert settings_with(TRUSTED_PROXIES="1")["SECURE_PROXY_SSL_HEADER"] == [
        "HTTP_X_FORWARDED_PROTO",
        "https",
    ]


def test_the_limits_are_those_of_the_architecture():
    found = settings_with()

    assert found["LIMIT_POSTS_A_MINUTE"] == 300
    assert found["LIMIT_ACTS_BEFORE_HELD"] == 600
    assert found["LIMIT_MAILS_TO_ADDRESS"] == 3
    assert found["LIMIT_CODE_TRIES_A_DAY"] == 20
    assert found["TRUSTED_PROXIES"] == 0


def test_a_second_factor_is_required_where_there_is_something_to_guard():
    assert settings_with()["STAFF_MFA"] == "required"
    assert settings_with(DEVELOPMENT="1")["STAFF_MFA"] == "offered"
    assert settings_with(STAFF_MFA="offered")["STAFF_MFA"] == "offered"

    started = run(["-c", SHOW], **COMPLETE, STAFF_MFA="yes")

    assert started.returncode == 1
    assert started.stderr.startswith("STAFF_MFA=yes is neither required nor offered.")


def test_the_site_answers_to_its_own_name_alone():
    found = settings_with()

    assert found["ALLOWED_HOSTS"] == ["letters.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://letters.example"]


def test_a_slash_at_the_end_of_the_address_does_no_harm():
    environment = {**COMPLETE, "SITE_URL": "https://letters.example/"}

    shown = run(["-c", SHOW], **environment)

    assert json.loads(shown.stdout)["SITE_URL"] == "https://letters.example"


@pytest.mark.parametrize(
    ("development", "answer"),
    [pytest.param("1", "found", marks=pytest.mark.release), ("0", "404")],
)
def test_the_page_that_lists_mails_is_there_in_development_alone(development, answer):
    look = """
import django
django.setup()
from django.urls import Resolver404, resolve
try:
    resolve("/development/mail/")
    print("found")
except Resolver404:
    print("404")
"""

    looked = run(
        ["-c", look],
        **COMPLETE,
        DEVELOPMENT=development,
        DJANGO_SETTINGS_MODULE="campaign_site.settings",
    )

    assert looked.stdout == f"{answer}\n"


def test_the_site_speaks_all_languages_unless_a_group_names_its_own():
    ten, two = settings_with(), settings_with(LANGUAGES="ko, pt_BR")

    assert len(ten["LANGUAGES"]) == 10
    assert ten["LANGUAGE_CODE"] == "en"
    assert two["LANGUAGES"] == [["ko", "한국어"], ["pt-br", "Português (Brasil)"]]
    assert two["LANGUAGE_CODE"] == "ko"


def test_a_language_that_we_do_not_have_stops_the_start():
    started = run(["-c", SHOW], **COMPLETE, LANGUAGES="en,tlh")

    assert started.returncode == 1
    assert "LANGUAGES names tlh. Choose among en, ko, " in started.stderr
