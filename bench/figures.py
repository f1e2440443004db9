"""Reads what processes cost from /proc (Linux), and writes it down in tables."""

import os
import platform
import statistics
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import django
import psycopg

TICK = 1 / os.sysconf("SC_CLK_TCK")  # the unit of /proc's CPU times, mostly 10 ms


@dataclass
class Run:
    """One run of one side of a pair."""

    side: str
    requests: int
    seconds: float
    p50: float  # seconds
    p99: float  # seconds
    server: float  # CPU seconds of the web server's processes
    postgres: float  # CPU seconds of PostgreSQL's
    elsewhere: float  # share of the machine that others took: how disturbed it was
    rows: int = 0  # rows that this run has inserted, in all tables

    @property
    def cpu_ms(self):
        """CPU milliseconds a request, web server and PostgreSQL."""
        return (self.server + self.postgres) / self.requests * 1000


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
    """Memory of one process in MB: (RSS, PSS); PSS shares out what is shared."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024


def machine(postgres_version):
    """Date, machine and versions, in two lines."""
    about = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(": ")[2] for line in about if line.startswith("model name")]
    cpu = names[0] if names else platform.machine()
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} × {cpu},"
        f" Linux {platform.release().partition('-')[0]},\n"
        f"Python {platform.python_version()}, Django {django.__version__},"
        f" psycopg {psycopg.__version__}, PostgreSQL {postgres_version}"
    )


RUNS = """\
| run | side | requests/s | p50 ms | p99 ms | server ms | PostgreSQL ms | CPU ms | \
ratio | rows/s | elsewhere |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""
MEDIANS = """
| CPU ms a request | site | empty | ratio | aim |
| --- | ---: | ---: | ---: | --- |"""
MEMORY = """
| memory of each worker, MB | RSS | PSS |
| --- | ---: | ---: |"""


def run_rows(number, ours, bare):
    """Two runs that stood next to each other, as rows under RUNS."""
    ratio = f"{ours.cpu_ms / bare.cpu_ms:.2f}×"
    return [_run_row(number, ours, ratio), _run_row(number, bare, "")]


def median_row(name, pairs, aim):
    """A row under MEDIANS: median (least–most) of both sides and of their ratio.

    The ratio is taken between two runs that stood next to each other, so that a slow
    minute of the machine, which both had, does not count.
    """
    ours, bare = ([run.cpu_ms for run in side] for side in zip(*pairs, strict=True))
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    return f"| {name} | {_spread(ours)} | {_spread(bare)} | {_spread(ratios)} | {aim} |"


def memory_row(server):
    """A row under MEMORY: of each worker of a gunicorn, the master left out."""
    both = [memory(pid) for pid in family(server.pid)[1:]]
    rss, pss = (", ".join(f"{mb:.0f}" for mb in one) for one in zip(*both, strict=True))
    return f"| {server.name} | {rss} | {pss} |"


def _run_row(number, run, ratio):
    cells = (
        f"{number}",
        run.side,
        f"{run.requests / run.seconds:.0f}",
        f"{run.p50 * 1000:.1f}",
        f"{run.p99 * 1000:.1f}",
        f"{run.server / run.requests * 1000:.3f}",
        f"{run.postgres / run.requests * 1000:.3f}",
        f"{run.cpu_ms:.3f}",
        ratio,
        f"{run.rows / run.seconds:.0f}",
        f"{run.elsewhere:.0%}",
    )
    return f"| {' | '.join(cells)} |"


def _spread(values):
    middle = statistics.median(values)
    return f"{middle:.2f} ({min(values):.2f}–{max(values):.2f})"


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
