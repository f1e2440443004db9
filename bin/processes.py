"""Child processes that never outlive the one that started them.

A guard waits beside them, in a session of its own, on a pipe from their parent. However
the parent ends, even by kill -9, the pipe closes and the guard stops what is left.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

SECONDS_TO_STOP = 5  # seconds between SIGTERM and SIGKILL


class Processes:
    def __init__(self, *, held=()):
        """`held` are file descriptors that stay open until the guard is done."""
        self.ended = queue.SimpleQueue()
        self._started = []
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=held,
            text=True,
        )

    def start(
        self, name, command, *, log, echo=True, stop_with=signal.SIGTERM, **options
    ):
        """Start a child whose output goes to the log, and with `echo` to the terminal.

        When it ends, its name is put on the queue `ended`.
        """
        log_file = Path(log).open("wb", buffering=0)  # noqa: SIM115  closed by a thread
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if echo else log_file,
            stderr=subprocess.STDOUT,
            # Ctrl-C must reach this process alone, which then stops the others in the
            # right order.
            start_new_session=True,
            **options,
        )
        self._guard.stdin.write(f"{process.pid} {int(stop_with)}\n")
        self._guard.stdin.flush()
        self._started.append((process.pid, stop_with))
        if echo:
            threading.Thread(
                target=_copy_lines, args=(name, process.stdout, log_file), daemon=True
            ).start()
        else:
            log_file.close()
        threading.Thread(target=self._watch, args=(name, process), daemon=True).start()
        return process

    def stop(self):
        """Stop the youngest first, so that the database outlives what writes to it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _stop(self._started)
        self._started.clear()
        with contextlib.suppress(BrokenPipeError):
            self._guard.stdin.write("done\n")
            self._guard.stdin.close()
        self._guard.wait()

    def _watch(self, name, process):
        process.wait()
        self.ended.put(name)


def interrupt_on_signals():
    """Let SIGTERM and a closed terminal raise KeyboardInterrupt, like Ctrl-C.

    SIGINT is named as well because a shell that starts a job in the background lets it
    ignore that one.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


def program(pid):
    """The name of the program with this number; empty when it has ended.

    An ended process that nobody has collected yet counts as ended: not every init
    collects at once.
    """
    if Path("/proc/self/stat").exists():
        try:
            about = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        except OSError:
            return ""
        name, _, rest = about.partition("(")[2].rpartition(")")
        state = rest.strip()
    else:
        state, _, name = subprocess.run(
            ["ps", "-o", "stat=", "-o", "comm=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.partition(" ")
    return "" if state.startswith("Z") else name.strip()


def _copy_lines(name, output, log_file):
    terminal = sys.stdout.buffer
    for line in output:
        log_file.write(line)
        # The terminal may be gone while the child still writes.
        with contextlib.suppress(OSError):
            terminal.write(f"{name:8}| ".encode() + line)
            terminal.flush()


def _stop(started):
    for pid, number in reversed(started):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        give_up = time.monotonic() + SECONDS_TO_STOP
        while program(pid) and time.monotonic() < give_up:
            time.sleep(0.02)
        # What was too slow, and what a dead leader has left behind.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _guard():
    started = []
    for line in sys.stdin:
        if line == "done\n":
            return
        pid, number = line.split()
        started.append((int(pid), int(number)))
    _stop(started)


if __name__ == "__main__":
    _guard()
