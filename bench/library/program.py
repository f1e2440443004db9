"""How each program of bench/ begins, reads its options and ends."""

import argparse
import fcntl
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from library import ROOT, VAR


def options(about, **offered):
    """What was asked for on the command line, and whether to --write the figures.

    Each option has a default and a meaning. A number stands for its type, False for a
    switch, and a tuple for names of which any may be chosen.
    """
    parser = argparse.ArgumentParser(
        description=about.partition("\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    for name, (default, meaning) in offered.items():
        if default is False:
            kind = {"action": "store_true"}
        elif isinstance(default, tuple):
            kind = {"action": "append", "choices": default}
        else:
            kind = {"type": type(default), "default": default}
        parser.add_argument(f"--{name}", help=meaning, **kind)
    return parser.parse_args()


def run(main):
    """Run a whole program; what its promise breaks ends it by sys.exit()."""
    if not sys.platform.startswith("linux"):
        sys.exit("CPU times are read from /proc: run this on Linux.")
    os.chdir(ROOT)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)


@contextmanager
def the_only_one():
    """Two benches at once would measure each other."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Another bench runs in this folder: wait for it.")
        yield lock


def apart(do, *arguments, **environment):
    """What a function returns that is called in a new process with this environment."""
    with another_process(**environment) as call:
        return call(do, *arguments)


@contextmanager
def another_process(**environment):
    """A new process with this environment; yields what calls functions in it."""
    os.environ.update(environment)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        pool.submit(os.getpid).result()  # it begins now, with this environment
        try:
            yield lambda do, *arguments: pool.submit(do, *arguments).result()
        except KeyboardInterrupt:
            for child in multiprocessing.active_children():
                child.kill()
            raise


def wait_until(is_so, seconds, complaint):
    """Ask again and again, and end the program when it takes longer than that."""
    give_up = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > give_up:
            sys.exit(complaint)
        time.sleep(0.05)
