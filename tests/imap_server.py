"""A mailbox on loopback that speaks as much IMAP as it takes to read it (RFC 3501)."""

import re
import socketserver
import threading


class ImapServer:
    """Holds messages by their UID; `seen` are those that somebody has read.

    `fetched` are the UIDs of what was asked for, in this order.
    """

    def __init__(self):
        self.messages, self.seen, self.breaks_after = {}, set(), None
        self.flagged, self.fetched = set(), []
        server = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                self.say("* OK ready")
                for line in self.rfile:
                    tag, _space, words = line.decode().strip().partition(" ")
                    self.answer(tag, words)

            def say(self, line):
                self.wfile.write(line.encode() + b"\r\n")

            def answer(self, tag, words):
                upper = words.upper()
                if upper.startswith("CAPABILITY"):
                    self.say("* CAPABILITY IMAP4rev1")
                elif upper.startswith("LOGIN"):
                    if words.split()[1:] != ["site", '"a', 'b"']:
                        self.say(f"{tag} NO wrong password")
                        return
                elif upper.startswith("SELECT"):
                    self.say(f"* {len(server.messages)} EXISTS")
                elif found := re.match(r"UID SEARCH (\d+):(\d+) (.+)", upper):
                    first, last, which = found.groups()
                    some = sorted(server.messages)[int(first) - 1 : int(last)]
                    new = [str(uid) for uid in some if server.fits(uid, which)]
                    self.say(f"* SEARCH {' '.join(new)}")
                elif found := re.match(r"UID FETCH (\d+) .*<0\.(\d+)>", upper):
                    uid, most = map(int, found.groups())
                    server.fetched.append(uid)
                    if server.breaks_after is not None:
                        server.breaks_after -= 1
                        if server.breaks_after < 0:
                            self.connection.close()
                            raise ConnectionError
                    raw = server.messages[uid][:most]
                    head = f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n"
                    self.wfile.write(head.encode() + raw + b")\r\n")
                elif found := re.match(r"UID STORE (\d+) .*(SEEN|FLAGGED)", upper):
                    marked = {"SEEN": server.seen, "FLAGGED": server.flagged}
                    marked[found[2]].add(int(found[1]))
                self.say(f"{tag} OK done")

        class Quiet(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                """A conversation that the test breaks off is no fault of the test."""

        self._server = Quiet(("127.0.0.1", 0), Session)
        port = self._server.server_address[1]
        self.url = f"imap://site:a%20b@127.0.0.1:{port}/INBOX"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def put(self, *messages):
        """Let these arrive, in this order."""
        for raw in messages:
            self.messages[len(self.messages) + 1] = raw

    def fits(self, uid, which):
        """Whether a message is one of those that a search asks for."""
        words = which.split()
        most = int(words[words.index("SMALLER") + 1]) if "SMALLER" in words else 10**9
        return (
            uid not in self.seen
            and len(self.messages[uid]) < most
            and (uid in self.flagged) == ("FLAGGED" in words)
        )

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
