"""A name server on loopback that knows what a test tells it, and nothing else."""

import socketserver
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

SILENT = object()


class Zone(dict):
    """Records by name: {"example.org": {"TXT": ["v=spf1 -all"]}}, or SILENT."""

    def answer_to(self, wire):
        """The bytes of an answer, or None for a name that is not answered."""
        query = dns.message.from_wire(wire)
        [question] = query.question
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        name, kind = question.name, dns.rdatatype.to_text(question.rdtype)
        for _step in range(20):
            known = self.get(name.to_text(omit_final_dot=True).lower())
            if known is SILENT:
                return None
            if known is None:
                reply.set_rcode(dns.rcode.NXDOMAIN)
            elif leads := known.get("CNAME"):
                alias = dns.rrset.from_text(name, 60, "IN", "CNAME", leads)
                reply.answer.append(alias)
                name = alias[0].target
                continue
            elif texts := known.get(kind):
                texts = [_quoted(text) if kind == "TXT" else text for text in texts]
                found = dns.rrset.from_text(name, 60, "IN", kind, *texts)
                reply.answer.append(found)
            break
        return reply.to_wire(max_size=65535)


def _quoted(text):
    """A TXT record in pieces of 255 bytes, with each byte as it is."""
    content = text if isinstance(text, bytes) else text.encode()
    pieces = [content[at : at + 255] for at in range(0, len(content), 255)] or [b""]
    escaped = ("".join(f"\\{byte:03}" for byte in piece) for piece in pieces)
    return " ".join(f'"{piece}"' for piece in escaped)


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        wire, sock = self.request
        self.server.asked += 1
        if answer := self.server.zone.answer_to(wire):
            sock.sendto(answer, self.client_address)


class DnsServer(socketserver.ThreadingUDPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.zone, self.asked = Zone(), 0
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()

    def resolver(self):
        own = dns.resolver.Resolver(configure=False)
        own.nameservers, own.port = ["127.0.0.1"], self.server_address[1]
        return own

    def close(self):
        self.shutdown()
        self.server_close()
