"""Finds a Postfix for the tests of deploy/postfix; where there is none, Debian's.

It is only looked for by root: its master process needs that. Nothing of it is
installed, and the machine's own mail server is never touched.
"""

import os
from pathlib import Path

from browser import run
from debian import VAR, unpack

UNPACKED = VAR / "postfix"
# What it needs and other programs do not bring.
PACKAGES = ("postfix", "libtlsrpt0", "libdb5.3t64", "libnsl2", "libsasl2-2")


def find_postfix():
    """The folder below which a Postfix is that runs, and those of its libraries, as
    a PATH; or "" if there is none."""
    if os.geteuid() != 0:
        return ""
    if not found():
        unpack("postfix", PACKAGES)
    return found() or ""


def found():
    for root in (Path("/"), UNPACKED):
        ask = [str(root / "usr/sbin/postconf"), "-d", "mail_version"]
        folders = [root / "usr/lib/postfix", *root.glob("usr/lib/*-linux-gnu")]
        libraries = ":".join(map(str, folders))
        command = ["env", f"LD_LIBRARY_PATH={libraries}", *ask]
        if Path(ask[0]).exists() and run(command) == 0:
            return f"{root}:{libraries}"
    return None
