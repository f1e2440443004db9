"""Finds a SpamAssassin for the tests of our mails; if there is none, fetches Debian's.

It has its rules with it, and asks nobody (`-L`).
"""

import shlex
from pathlib import Path

from browser import run
from debian import VAR, unpack

UNPACKED = VAR / "spamassassin"
# What it needs and Perl itself does not have.
PACKAGES = (
    "spamassassin",
    "libhtml-parser-perl",
    "libhtml-tagset-perl",
    "libnet-dns-perl",
    "libnetaddr-ip-perl",
)


def find_spamassassin():
    """The command that scores mails by SpamAssassin's own rules, or ""."""
    if not found():
        unpack("spamassassin", PACKAGES)
    return found() or ""


def found():
    for root in (Path("/"), UNPACKED):
        command = in_folder(root)
        if command and run([*command, "--version"]) == 0:
            return shlex.join(command)
    return None


def in_folder(root):
    """The command below this folder; it uses only its own rules and settings."""
    program = root / "usr/bin/spamassassin"
    if not program.exists():
        return None
    # Perl does not read PERL5LIB for a program that distrusts its environment (-T).
    modules = [root / "usr/share/perl5", *root.glob("usr/lib/*/perl5/*")]
    return [
        *("perl", "-T", *(f"-I{folder}" for folder in modules)),
        *(str(program), "-L"),
        f"--configpath={root / 'usr/share/spamassassin'}",
        f"--siteconfigpath={root / 'etc/spamassassin'}",
        # The developer's preferences do not matter, and nothing is learnt or kept.
        *("-x", f"--prefspath={root / 'usr/share/spamassassin/user_prefs.template'}"),
        *("--cf=use_bayes 0", "--cf=skip_rbl_checks 1"),
    ]
