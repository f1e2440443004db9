"""Finds an nginx for the tests of deploy/nginx.conf; where there is none, Debian's."""

import os
import shutil

from browser import run
from debian import VAR, unpack

UNPACKED = VAR / "nginx"
PLACES = os.pathsep.join(
    [os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", f"{UNPACKED}/usr/sbin"]
)


def find_nginx():
    """The path of an nginx that runs, or "" if there is none."""
    if not found():
        unpack("nginx", ["nginx"])
    return found() or ""


def found():
    nginx = shutil.which("nginx", path=PLACES)
    return nginx if nginx and run([nginx, "-v"]) == 0 else None
