"""Finds a PgBouncer for the tests; where there is none, Debian's."""

import os
import shutil
from pathlib import Path

from browser import run
from debian import VAR, unpack

UNPACKED = VAR / "pgbouncer"
# What it needs and other programs do not bring.
PACKAGES = ("pgbouncer", "libevent-2.1-7t64", "libcares2")


def find_pgbouncer():
    """The path of a PgBouncer that runs, or "" if there is none."""
    if not found():
        unpack("pgbouncer", PACKAGES)
    return found() or ""


def found():
    places = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"
    for program in (shutil.which("pgbouncer", path=places), _ours()):
        if program and run([program, "--version"]) == 0:
            return program
    return None


def _ours():
    """The one that was unpacked, started by a script that names its libraries."""
    program = UNPACKED / "usr/sbin/pgbouncer"
    if not program.exists():
        return None
    start = UNPACKED / "pgbouncer"
    libraries = ":".join(map(str, Path(UNPACKED, "usr/lib").glob("*-linux-gnu")))
    start.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" exec "{program}" "$@"\n'
    )
    start.chmod(0o755)
    return str(start)
