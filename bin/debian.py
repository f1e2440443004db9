"""Packages of Debian, unpacked below var/ without installing them.

If they were installed, some would start a server that nobody asked for.
"""

import fcntl
import os
import shutil
from pathlib import Path

from browser import run, say

VAR = Path(__file__).resolve().parent.parent / "var"


def unpack(name, packages):
    """Unpack these packages, without their dependencies, into a folder below var/.

    Nothing happens if this is no Debian, or a package is not available.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        return
    say(f"No {name} on this machine: one is unpacked below var/ for the tests ...")
    folder = VAR / name
    folder.mkdir(parents=True, exist_ok=True)
    with (VAR / "debian.lock").open("w") as lock:
        # Two that test at once in one checkout unpack one after the other.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.geteuid() == 0:
            run(["apt-get", "update"])
        run(["sh", "-c", f"cd '{folder}' && apt-get download {' '.join(packages)}"])
        for package in folder.glob("*.deb"):
            run(["dpkg", "-x", str(package), str(folder)])
            package.unlink()


def with_its_libraries(name, program):
    """A program of a folder that was unpacked, or None if it is not there.

    It is started by a script that names its libraries, some in a folder of its own.
    """
    folder = VAR / name
    if not (folder / program).exists():
        return None
    start = folder / Path(program).name
    places = Path(folder, "usr/lib").glob("*-linux-gnu")
    libraries = ":".join(f"{place}:{place / name}" for place in places)
    start.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" exec "{folder / program}" "$@"\n'
    )
    start.chmod(0o755)
    return str(start)
