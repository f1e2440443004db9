"""Machines of one's own on one machine: network namespaces that a bridge joins.

A node is a thread in a namespace of its own. What is started there has the address of
the node, and reaches the others over its link alone. All of it ends with the process.

Where namespaces cannot be made, the nodes have addresses of the loopback instead, and
no link that could break.
"""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from library.program import wait_until

ENTERED = "BENCH_NETWORK"
SLOW_LINK = Path(__file__).with_name("slow_link.py")
# People come from a network (/24) each.
NETWORKS_OF_PEOPLE = range(1, 160)


def enter():
    """Run the whole program again in a network of its own, if one can be had.

    Root needs nothing more for it; others get a user namespace, with their own number,
    since PostgreSQL refuses to run as root.
    """
    if ENTERED in os.environ:
        return
    own = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    unshare = ["unshare", *own, "--net"]
    attempt = [*unshare, "ip", "link", "add", "attempt", "type", "bridge"]
    try:
        done = subprocess.run(attempt, check=False, stderr=subprocess.DEVNULL)
        can = done.returncode == 0
    except OSError:
        can = False
    os.environ[ENTERED] = "own" if can else ""
    if can:
        os.execvp("unshare", [*unshare, sys.executable, *sys.orig_argv[1:]])


class Network:
    def __init__(self):
        self.has_links = bool(os.environ[ENTERED])
        self.prefix = "10.77" if self.has_links else "127.77"
        self.nodes = {}
        if self.has_links:
            # Without an address of its own, the bridge takes that of a port, and
            # another one when this port is cut: nobody finds the people for 5 seconds.
            ip("link add switch address 02:00:00:00:00:01 type bridge")
            for device in ("lo", "switch"):
                ip(f"link set {device} up")
            for number in NETWORKS_OF_PEOPLE:
                ip(f"address add {self.prefix}.{number}.1/16 dev switch")

    def node(self, name):
        """A new machine of that name."""
        made = Node(self, name, f"{self.prefix}.0.{10 + len(self.nodes)}")
        self.nodes[name] = made
        return made


class Node:
    def __init__(self, network, name, address):
        self.name, self.address = name, address
        self._thread = ThreadPoolExecutor(1) if network.has_links else None
        if network.has_links:
            self.do(self._settle)
            self.mend()

    def do(self, act, *arguments, **options):
        """What that returns, called there; its threads and processes stay there."""
        if self._thread is None:
            return act(*arguments, **options)
        return self._thread.submit(act, *arguments, **options).result()

    def _settle(self):
        os.unshare(os.CLONE_NEWNET)
        ip(f"link add eth0 type veth peer name {self.name} netns {os.getpid()}")
        ip(f"address add {self.address}/16 dev eth0")
        for device in ("lo", "eth0"):
            ip(f"link set {device} up")

    def cut(self):
        """Nothing arrives any more, and nobody is told."""
        ip(f"link set {self.name} nomaster")

    def mend(self):
        ip(f"link set {self.name} up master switch")

    @contextmanager
    def slow(self, seconds, share):
        """For this block, answers come that much later, and that share is lost."""
        near, far = f"{self.name}-a", f"{self.name}-b"
        ip(f"link add {near} type veth peer name {far}")
        self.cut()
        ip(f"link set {near} up")
        ip(f"link set {far} up master switch")
        arguments = [self.name, near, str(seconds / 2), str(share)]
        carrier = subprocess.Popen([sys.executable, "-IS", SLOW_LINK, *arguments])
        try:
            yield
        finally:
            carrier.kill()
            carrier.wait()
            ip(f"link delete {near}")
            self.mend()


def ip(words):
    subprocess.run(["ip", *words.split()], check=True)


def wait_for(node, port):
    """Until something listens there."""

    def listens():
        try:
            socket.create_connection((node.address, port), 1).close()
        except OSError:
            return False
        return True

    wait_until(listens, 60, f"{node.name} does not listen at {port}.")
