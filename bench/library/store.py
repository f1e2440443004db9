"""The S3 server of the tests as a program, which keeps its objects in a file.

`bin/python -m bench.library.store ADDRESS PORT FILE BUCKET…`: these buckets, and those
that the tests have. When it is killed and started again, every object whose writing it
has acknowledged is there.
"""

import pickle
import sys
import threading
from contextlib import suppress
from pathlib import Path

from tests.campaign_site.s3 import Handler, new_server

KEPT = ("buckets", "moments", "caching")
lock = threading.Lock()


class KeepingHandler(Handler):
    def put(self, *arguments):
        with lock:
            super().put(*arguments)
            draft = self.server.file.with_suffix(".new")
            draft.write_bytes(pickle.dumps([getattr(self.server, k) for k in KEPT]))
            draft.rename(self.server.file)


def main(host, port, file, *buckets):
    server = new_server(host, int(port), KeepingHandler)
    server.buckets |= {name: {} for name in buckets}
    server.file = Path(file)
    with suppress(FileNotFoundError):
        kept = pickle.loads(server.file.read_bytes())
        server.__dict__.update(zip(KEPT, kept, strict=True))
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
