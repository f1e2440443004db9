"""Finds a Chromium that runs, and fetches one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

LOG = Path(__file__).resolve().parent.parent / "var/log/browser.log"
NAMES = (
    # This one lacks what only a window needs: the tests take two thirds of the time.
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PLAYWRIGHT_PATH = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find_browser():
    given = os.environ.get("CHROMIUM")
    if given:
        if not runs(given):
            sys.exit(f"CHROMIUM={given} does not run: set it to a Chromium or Chrome.")
        return given
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.unlink(missing_ok=True)
    return (
        from_this_machine()
        or from_playwright()
        or from_debian()
        or sys.exit(
            "No Chromium was found, and none could be installed (why is in"
            f" {LOG}): install Chromium or Chrome, or set CHROMIUM to one."
        )
    )


def from_this_machine():
    return next(filter(runs, filter(None, map(shutil.which, NAMES))), None)


def from_playwright():
    path = subprocess.run(
        [sys.executable, "-c", PLAYWRIGHT_PATH],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.strip()
    if not runs(path):
        say("No Chromium on this machine: Playwright is asked to download one ...")
        run([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"])
    return path if runs(path) else None


def from_debian():
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say("Playwright could not: apt-get is asked to install one ...")
    run(["apt-get", "update"])
    run(["apt-get", "install", "--yes", "chromium-headless-shell"])
    if not from_this_machine():  # Debian 12 has no package of its own for it
        run(["apt-get", "install", "--yes", "chromium"])
    return from_this_machine()


def runs(browser):
    """Whether it starts; Ubuntu's chromium may be a stub that wants its snap."""
    try:
        return run([browser, "--version"], seconds=30) == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run(command, *, seconds=None):
    with LOG.open("a") as log:
        return subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            timeout=seconds,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        ).returncode


def say(sentence):
    print(sentence, file=sys.stderr, flush=True)
