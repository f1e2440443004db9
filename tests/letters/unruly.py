"""An SMTP server that misbehaves on demand, one conversation after another."""

import re
import socket
import socketserver
import sys
import threading
from email import message_from_bytes, policy


class UnrulyServer(socketserver.ThreadingTCPServer):
    """Speaks SMTP by hand, so that it can break off wherever a test wants it to.

    `plan` maps a recipient to what happens at which step: ("rcpt", "450 later"),
    ("data", "drop"), ("end", "drop after"), … Without a plan everything is taken. The
    steps "ehlo" and "mail" are planned under the recipient "", who is not known yet.
    What happens may be a function, which is called then and returns what to answer.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.port = self.server_address[1]
        self.lock = threading.Lock()
        self.plan, self.greeting, self.offers = {}, "220 unruly ESMTP", []
        self.takes = "250 2.0.0 queued as 4711"
        self.taken = []
        # Set when a conversation has come to a step that is answered with silence.
        self.reached = threading.Event()
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()

    def take(self, sender, recipient, content):
        """Keep a message; returns the words that say so."""
        message = message_from_bytes(content, policy=policy.SMTP)
        with self.lock:
            self.taken.append((sender, recipient, content, message))
        return self.takes

    def recipients(self):
        return [recipient for _sender, recipient, _content, _message in self.taken]

    def handle_error(self, request, client_address):
        """Who is killed says no goodbye."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def stop(self):
        self.shutdown()
        self.server_close()


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.sender = self.recipient = ""
        if not self.answer(self.server.greeting):
            return
        while line := self.rfile.readline():
            verb = line[:4].decode("latin-1").upper().strip()
            if not self.obey(verb, line.decode("latin-1")):
                return

    def obey(self, verb, line):
        match verb:
            case "EHLO":
                if not self.answer(self.planned("ehlo"), "250-unruly"):
                    return False
                for extension in self.server.offers:
                    self.say(f"250-{extension}")
                self.say("250 HELP")
            case "MAIL":
                self.sender, self.recipient = re.search("<(.*?)>", line)[1], ""
                return self.answer(self.planned("mail"))
            case "RCPT":
                self.recipient = re.search("<(.*?)>", line)[1]
                return self.answer(self.planned("rcpt"))
            case "DATA":
                return self.data()
            case "STAR":
                self.say("454 TLS not available")
            case "QUIT":
                self.answer(self.planned("quit"), "221 bye")
                return False
            case _:
                self.say("250 OK")
        return True

    def data(self):
        instead = self.planned("data")
        if not self.answer(instead, "354 go ahead"):
            return False
        if instead:
            return True
        content = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            content += line[1:] if line.startswith(b".") else line
        step = self.planned("end")
        words = ""
        if step in (None, "drop after", "silence"):
            words = self.server.take(self.sender, self.recipient, content)
        if step in ("drop before", "drop after"):
            return self.drop()
        return self.answer(step, words)

    def answer(self, planned, otherwise="250 OK"):
        if planned == "drop":
            return self.drop()
        if planned == "silence":
            self.server.reached.set()
            self.rfile.read()
            return False
        self.say(planned or otherwise)
        return not (planned or "").startswith("421")

    def planned(self, step):
        for name, what in self.server.plan.get(self.recipient, []):
            if name == step:
                return what() if callable(what) else what
        return None

    def drop(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        return False

    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")
