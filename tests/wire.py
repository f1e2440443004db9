"""A wire between the site and PostgreSQL that breaks when it is told to."""

import contextlib
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import connection

BEGIN, COMMIT = b"BEGIN\0", b"COMMIT\0"
# The end of a statement that nobody has sent.
STRAY = b"C\0\0\0\x0dSELECT 0\0"


@dataclass(eq=False)
class Line:
    """One connection of the site's, carried on to PostgreSQL."""

    site: socket.socket
    postgres: socket.socket
    loses: bool = False
    strays: bool = False

    def hang_up(self):
        for end in (self.site, self.postgres):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Wire:
    """Listens on a port of its own, and passes on what comes to `target`, the path of
    PostgreSQL's socket or its (host, port)."""

    def __init__(self, target):
        self.commits_lost = 0
        self._target = target
        self._to_lose = self._to_stray = 0
        self._lines = set()
        self._lock = threading.Lock()
        self._listen(0)

    @classmethod
    def to_the_database(cls):
        """To the one that Django is connected to."""
        connection.ensure_connection()
        info = connection.connection.info
        by_path = f"{info.host}/.s.PGSQL.{info.port}"
        return cls(by_path if info.host.startswith("/") else (info.host, info.port))

    def carrying(self, url):
        """A DATABASE_URL that leads over this wire instead."""
        parts = urlsplit(url)
        who = parts.netloc.rpartition("@")[0]
        return parts._replace(netloc=f"{who}@127.0.0.1:{self.port}", query="").geturl()

    def lose_commits(self, number=1):
        """Pass on so many commits, wait until they are done, and keep their answer."""
        self._to_lose = number

    def stray(self):
        """Answer the next BEGIN twice, as a pooler whose server has died may do."""
        self._to_stray = 1

    def cut(self):
        """Break off; who connects from now on is refused, until mend()."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for line in self._lines:
                line.hang_up()

    def mend(self):
        self._listen(self.port)

    def _listen(self, port):
        self._listening = socket.create_server(("127.0.0.1", port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        listening = self._listening
        with contextlib.suppress(OSError):
            while True:
                site, _address = listening.accept()
                try:
                    line = Line(site, self._connect())
                except OSError:  # PostgreSQL itself is away
                    site.close()
                    continue
                with self._lock:
                    self._lines.add(line)
                for carry in (self._to_postgres, self._to_site):
                    threading.Thread(target=carry, args=[line], daemon=True).start()

    def _connect(self):
        if isinstance(self._target, tuple):
            return socket.create_connection(self._target)
        postgres = socket.socket(socket.AF_UNIX)
        try:
            postgres.connect(str(self._target))
        except OSError:
            postgres.close()
            raise
        return postgres

    def _to_postgres(self, line):
        with contextlib.suppress(OSError):
            while data := line.site.recv(1 << 16):
                with self._lock:
                    commits = COMMIT in data
                    if self._to_lose and commits:
                        self._to_lose -= 1
                        line.loses = True
                    if self._to_stray and BEGIN in data:
                        self._to_stray -= 1
                        line.strays = True
                line.postgres.sendall(data)
        self._end(line)

    def _to_site(self, line):
        with contextlib.suppress(OSError):
            while data := line.postgres.recv(1 << 16):
                if line.loses:
                    self.commits_lost += 1
                    break
                if line.strays:
                    line.strays, data = False, STRAY + data
                line.site.sendall(data)
        self._end(line)

    def _end(self, line):
        with self._lock:
            self._lines.discard(line)
        line.hang_up()
