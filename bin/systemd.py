"""Finds a systemd-analyze for the tests of deploy/; where there is none, Debian's."""

import shutil

from browser import run
from debian import unpack, with_its_libraries


def find_systemd_analyze():
    """The path of a systemd-analyze that runs, or "" if there is none."""
    if not found():
        unpack("systemd", ("systemd", "libsystemd-shared"))
    return found() or ""


def found():
    for program in (
        shutil.which("systemd-analyze"),
        with_its_libraries("systemd", "usr/bin/systemd-analyze"),
    ):
        if program and run([program, "--version"]) == 0:
            return program
    return None
