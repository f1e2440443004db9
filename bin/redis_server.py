"""Finds a Redis for bench/machines.py; where there is none, Debian's."""

import shutil

from browser import run
from debian import unpack, with_its_libraries

# What it needs and other programs do not bring.
PACKAGES = ("redis-server", "redis-tools", "liblzf1", "libjemalloc2")


def find_redis():
    """The path of a redis-server that runs, or "" if there is none."""
    if not found():
        unpack("redis", PACKAGES)
    return found() or ""


def found():
    for program in (
        shutil.which("redis-server"),
        with_its_libraries("redis", "usr/bin/redis-server"),
    ):
        if program and run([program, "--version"]) == 0:
            return program
    return None
