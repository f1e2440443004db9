"""A small S3 server: keeps objects in memory, and checks the signature of each request.

Signature Version 4 as Amazon describes it, for path-style addresses and bodies in one
piece or several; what it does not know it refuses. It has two buckets.
"""

import hashlib
import hmac
import re
import threading
import time
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET = "the key", "the/secret+"
BUCKET, PRIVATE = "pictures", "scans"
_SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>\S+), ?"
    r"SignedHeaders=(?P<headers>\S+), ?Signature=(?P<signature>\w+)"
)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, content=b"", kind="application/xml", **headers):
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urlsplit(self.path)
        bucket, _slash, name = unquote(url.path).lstrip("/").partition("/")
        if bucket not in self.server.buckets or not self.is_signed(url, body):
            return self.error(403, "SignatureDoesNotMatch")
        objects = self.server.buckets[bucket]
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        if "uploads" in query or "uploadId" in query:
            return self.in_pieces(objects, name, query, body)
        if self.command in ("PUT", "DELETE"):
            if self.command == "PUT":
                self.put(objects, name, body, self.headers)
            else:
                objects.pop(name, None)
            return self.answer(200, ETag='"1"')
        if not name:
            return self.answer(200, self.listing(objects, query))
        return self.hand_out(objects, name)

    def hand_out(self, objects, name):
        if name not in objects:
            return self.error(404, "NoSuchKey")
        content, kind = objects[name]
        about = {"ETag": '"1"', "Last_Modified": self.server.moments[name]}
        if found := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")):
            first, last = int(found[1]), min(int(found[2]), len(content) - 1)
            about["Content_Range"] = f"bytes {first}-{last}/{len(content)}"
            return self.answer(206, content[first : last + 1], kind, **about)
        return self.answer(200, content, kind, **about)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_one  # noqa: N815

    def put(self, objects, name, content, headers):
        objects[name] = (content, headers["Content-Type"])
        self.server.caching[name] = headers["Cache-Control"]
        self.server.moments[name] = formatdate(time.time(), usegmt=True)

    def in_pieces(self, objects, name, query, body):
        uploads = self.server.uploads
        if self.command == "POST" and "uploads" in query:
            key = str(len(uploads))
            uploads[key] = (self.headers, {})
            found = f"<UploadId>{key}</UploadId>"
            said = f"<InitiateMultipartUploadResult>{found}"
            said += "</InitiateMultipartUploadResult>"
            return self.answer(200, said.encode())
        headers, pieces = uploads[query["uploadId"]]
        if self.command == "PUT":
            self.server.largest = max(self.server.largest, len(body))
            pieces[int(query["partNumber"])] = body
            return self.answer(200, ETag='"1"')
        if self.command == "POST":
            whole = b"".join(pieces[number] for number in sorted(pieces))
            self.put(objects, name, whole, headers)
        said = b"<CompleteMultipartUploadResult><ETag>1</ETag>"
        said += b"</CompleteMultipartUploadResult>"
        return self.answer(200, said) if self.command == "POST" else self.answer(204)

    def error(self, status, code):
        self.answer(status, f"<Error><Code>{code}</Code></Error>".encode())

    def listing(self, objects, asked):
        prefix, delimiter = asked.get("prefix", ""), asked.get("delimiter")
        files, folders = [], set()
        for name in sorted(objects):
            rest = name.removeprefix(prefix)
            if not name.startswith(prefix):
                continue
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
            else:
                files.append(name)
        parts = [
            f"<Contents><Key>{escape(name)}</Key><Size>1</Size><ETag>1</ETag>"
            "<LastModified>2026-11-25T12:00:00.000Z</LastModified></Contents>"
            for name in files
        ] + [
            f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
            for name in sorted(folders)
        ]
        return f"<ListBucketResult>{''.join(parts)}</ListBucketResult>".encode()

    def is_signed(self, url, body):
        found = _SIGNED.fullmatch(self.headers.get("Authorization", ""))
        if not found or found["key"] != KEY:
            return False
        digest = self.headers["x-amz-content-sha256"]
        if digest not in (hashlib.sha256(body).hexdigest(), "UNSIGNED-PAYLOAD"):
            return False
        query = "&".join(
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
            for name, value in sorted(parse_qsl(url.query, keep_blank_values=True))
        )
        signed = found["headers"].split(";")
        headers = "".join(f"{name}:{self.headers[name].strip()}\n" for name in signed)
        parts = (self.command, url.path, query, headers, found["headers"], digest)
        request = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        moment = self.headers["x-amz-date"]
        words = "\n".join(("AWS4-HMAC-SHA256", moment, found["scope"], request))
        key = f"AWS4{SECRET}".encode()
        for part in (*found["scope"].split("/"), words):
            key = hmac.new(key, part.encode(), "sha256").digest()
        return hmac.compare_digest(key.hex(), found["signature"])

    def log_message(self, *arguments):
        pass


def url_of(host, port):
    return f"s3://{quote(KEY)}:{quote(SECRET, safe='')}@{host}:{port}/{BUCKET}?tls=no"


def new_server(host, port, handler):
    server = ThreadingHTTPServer((host, port), handler)
    server.buckets = {BUCKET: {}, PRIVATE: {}}
    server.moments, server.caching, server.uploads = {}, {}, {}
    server.largest = 0
    return server


@contextmanager
def s3_server():
    """A server for this block: `url` is its STORAGE_URL, `buckets` what it holds.

    `objects` is what is in the first bucket, and `largest` the longest body of a file.
    """
    server = new_server("127.0.0.1", 0, Handler)
    server.objects = server.buckets[BUCKET]
    server.url = url_of("127.0.0.1", server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
