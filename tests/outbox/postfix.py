"""A real Postfix with the lines of deploy/postfix, which hands mail to the site."""

import os
import pwd
import re
import shlex
import shutil
import smtplib
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.deploy.web import free_port
from tests.test_architecture import ROOT
from tests.worker import worker_environment

# bin/postfix.py
POSTFIX, _colon, LIBRARIES = os.environ.get("POSTFIX", "").partition(":")
FILES = ROOT / "deploy/postfix"
QUEUES = "active bounce corrupt defer deferred flush hold incoming private trace"
# Its own users where they are, and others of Debian's that own nothing else here.
OWNERS, GROUPS = ("postfix", "mail"), ("postdrop", "news")
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {root}/usr/lib/postfix/sbin
command_directory = {root}/usr/sbin
shlib_directory = {root}/usr/lib/postfix
meta_directory = {folder}
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
import_environment = MAIL_CONFIG LD_LIBRARY_PATH={libraries}
mail_owner = {owner}
setgid_group = {group}
myhostname = mx.letters.example
mydestination = letters.example
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relayhost = [127.0.0.1]:{next_port}
alias_maps =
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
"""
SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
local     unix - n n - - local
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix:
    def __init__(self, folder, port):
        self.port, self.log = port, folder / "mail.log"

    def take(self, raw, *recipients, sender="ada@mail.example"):
        """As another server hands it a message."""
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            client.sendmail(sender, recipients, raw)


@contextmanager
def running_postfix(next_port, **environment):
    """In a folder of its own; what is for other domains goes to the server at this
    port. Yields None where the site's user may not read the checkout."""
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)
    environment = worker_environment(9) | environment
    user = site_user(environment["DATABASE_URL"])
    try:
        if subprocess.run(
            [sys.executable, ROOT / "manage.py", "help"],
            check=False,
            cwd="/",
            user=user.pw_uid,
            env=environment,
            capture_output=True,
        ).returncode:
            yield None
            return
        given = folder / "campaign-site.env"
        # The settings of this test, as they stand in the file of a server.
        lines = [f"{n}={v}\n" for n, v in environment.items() if "\n" not in v]
        lines.append(f'DATABASE_URL="{environment["DATABASE_URL"]}"\n')
        given.write_text("".join(lines))
        port = write(folder, next_port, user.pw_name, given)
        master = f"{POSTFIX.rstrip('/')}/usr/lib/postfix/sbin/master"
        process = subprocess.Popen(
            [master, "-c", folder, "-d"],
            env={"LD_LIBRARY_PATH": LIBRARIES, "PATH": "/bin"},
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Postfix(folder, port)
        finally:
            process.terminate()
            process.wait(60)
    finally:
        shutil.rmtree(folder)


def site_user(database):
    """Who may enter PostgreSQL's folder, where there is one."""
    place = parse_qs(urlsplit(database).query).get("host", [""])[0]
    owner = Path(place).stat().st_uid if place.startswith("/") else 0
    return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")


def write(folder, next_port, user, given):
    """Its files: ours, and around them what Debian's would have; returns its port."""
    owner, group = (next(filter(_exists, n)) for n in (OWNERS, GROUPS))
    for name in ("queue", "data", *(f"queue/{n}" for n in QUEUES.split())):
        (folder / name).mkdir(mode=0o700)
        shutil.chown(folder / name, owner if name != "queue" else "root")
    for name, mode in (("public", 0o710), ("maildrop", 0o730), ("pid", 0o755)):
        (folder / "queue" / name).mkdir()
        shutil.chown(folder / "queue" / name, "root" if name == "pid" else owner, group)
        (folder / "queue" / name).chmod(mode)
    (folder / "queue").chmod(0o755)
    port = free_port()
    told = {"folder": folder, "root": POSTFIX.rstrip("/"), "owner": owner}
    told |= {"group": group, "next_port": next_port, "port": port}
    ours = (FILES / "main.cf").read_text().replace("/etc/postfix", str(folder))
    told["libraries"] = LIBRARIES
    (folder / "main.cf").write_text(MAIN.format(**told) + ours)
    addresses = (FILES / "site").read_text().replace("@example.org", "@letters.example")
    (folder / "site").write_text(addresses)
    line, number = re.subn(
        r"user=campaign argv=/srv/campaign-site/(\S+)",
        rf"user={user} argv=/usr/bin/env SITE_ENVIRONMENT={shlex.quote(str(given))}"
        rf" SITE_PYTHON={sys.executable} {ROOT}/\1",
        (FILES / "master.cf").read_text(),
    )
    assert number == 1
    (folder / "master.cf").write_text(SERVICES.format(**told) + line)
    return port


def _exists(name):
    with suppress(KeyError):
        return pwd.getpwnam(name)
    return Path("/etc/group").read_text().find(f"\n{name}:") >= 0
