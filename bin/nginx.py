"""Finds an nginx for the tests of deploy/nginx.conf.

Where there is none, Debian's is unpacked below var/: installed, it would start a
server that nobody asked for.
"""

import os
import shutil
from pathlib import Path

from browser import run, say

UNPACKED = Path(__file__).resolve().parent.parent / "var/nginx"
PLACES = os.pathsep.join(
    [os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", f"{UNPACKED}/usr/sbin"]
)


def find_nginx():
    """The path of an nginx that runs, or "" where none is to be had."""
    return found() or from_debian() or ""


def found():
    nginx = shutil.which("nginx", path=PLACES)
    return nginx if nginx and run([nginx, "-v"]) == 0 else None


def from_debian():
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        return None
    say("No nginx on this machine: one is unpacked below var/ for the tests ...")
    UNPACKED.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        run(["apt-get", "update"])
    run(["sh", "-c", f"cd '{UNPACKED}' && apt-get download nginx"])
    for package in UNPACKED.glob("nginx_*.deb"):
        run(["dpkg", "-x", str(package), str(UNPACKED)])
    return found()
