"""Finds a PgBouncer for the tests; where there is none, Debian's."""

import os
import shutil

from browser import run
from debian import unpack, with_its_libraries

# What it needs and other programs do not bring.
PACKAGES = ("pgbouncer", "libevent-2.1-7t64", "libcares2")


def find_pgbouncer():
    """The path of a PgBouncer that runs, or "" if there is none."""
    if not found():
        unpack("pgbouncer", PACKAGES)
    return found() or ""


def found():
    places = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"
    for program in (
        shutil.which("pgbouncer", path=places),
        with_its_libraries("pgbouncer", "usr/sbin/pgbouncer"),
    ):
        if program and run([program, "--version"]) == 0:
            return program
    return None
