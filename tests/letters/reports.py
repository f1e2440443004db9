"""Delivery reports (RFC 3464) as mail servers write them."""

from outbox import reports
from outbox.incoming.parsing import parse

POSTFIX = """\
Return-Path: <>
X-Original-To: {address}
Delivered-To: {address}
Received: by mail.letters.example (Postfix)
\tid 4XyZ0k1Jq2z9rx; Tue, 24 Nov 2026 10:12:08 +0000 (UTC)
Date: Tue, 24 Nov 2026 10:12:08 +0000 (UTC)
From: MAILER-DAEMON@mail.letters.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {address}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ0j6rHfz9rw.1795515128/mail.letters.example"
Message-Id: <4XyZ0k1Jq2z9rx@mail.letters.example>

This is a MIME-encapsulated message.

--4XyZ0j6rHfz9rw.1795515128/mail.letters.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.letters.example.

<ward1@council.example>: host mx.council.example[185.1.1.30] said: {words}

--4XyZ0j6rHfz9rw.1795515128/mail.letters.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.letters.example
X-Postfix-Queue-ID: 4XyZ0j6rHfz9rw
X-Postfix-Sender: rfc822; {address}
Arrival-Date: Tue, 24 Nov 2026 10:12:07 +0000 (UTC)

Final-Recipient: rfc822; ward1@council.example
Original-Recipient: rfc822;ward1@council.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.council.example
Diagnostic-Code: smtp; {words}

--4XyZ0j6rHfz9rw.1795515128/mail.letters.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Ada Lovelace via Letters <letters@letters.example>
To: "Council Member, Ward 1" <ward1@council.example>
Subject: Please help

--4XyZ0j6rHfz9rw.1795515128/mail.letters.example--
"""

EXCHANGE = """\
From: <postmaster@council.example>
To: <{address}>
Date: Tue, 24 Nov 2026 10:12:10 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="8c1e1f6a-3b3c-4f0e-9a3e-0a8a5c3f1e77"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Message-ID: <8c1e1f6a-3b3c-4f0e-9a3e-0a8a5c3f1e77@DB9PR01MB1234.council.example>
Subject: Undeliverable: Please help
Auto-Submitted: auto-replied

--8c1e1f6a-3b3c-4f0e-9a3e-0a8a5c3f1e77
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="0f9c6e0d-7d3d-4b57-9d6e-1d9b3f1c1c11"

--0f9c6e0d-7d3d-4b57-9d6e-1d9b3f1c1c11
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: base64

WW91ciBtZXNzYWdlIGNvdWxkbid0IGJlIGRlbGl2ZXJlZC4=

--0f9c6e0d-7d3d-4b57-9d6e-1d9b3f1c1c11--

--8c1e1f6a-3b3c-4f0e-9a3e-0a8a5c3f1e77
Content-Type: message/delivery-status

Reporting-MTA: dns;DB9PR01MB1234.council.example
Received-From-MTA: dns;mail.letters.example
Arrival-Date: Tue, 24 Nov 2026 10:12:09 +0000

Final-Recipient: rfc822;ward1@council.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{words}
X-Display-Name: Ward 1

--8c1e1f6a-3b3c-4f0e-9a3e-0a8a5c3f1e77
Content-Type: message/rfc822

From: Ada Lovelace via Letters <letters@letters.example>
Subject: Please help

--8c1e1f6a-3b3c-4f0e-9a3e-0a8a5c3f1e77--
"""

GMAIL = """\
Content-Type: multipart/report; boundary="00000000000053b4a505f8a7c1d2"; report-type=delivery-status
To: {address}
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
In-Reply-To: <letter.1@letters.example>
References: <letter.1@letters.example>
X-Failed-Recipients: ward1@council.example
Message-ID: <65a1b2c3.050a0220.7f2b1.1a2b.GMR@mx.google.com>
Date: Tue, 24 Nov 2026 02:12:09 -0800 (PST)

--00000000000053b4a505f8a7c1d2
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

** Address not found **

Your message wasn=E2=80=99t delivered to ward1@council.example.

--00000000000053b4a505f8a7c1d2
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Received-From-MTA: dns; letters@letters.example
Arrival-Date: Tue, 24 Nov 2026 02:12:09 -0800 (PST)
X-Original-Message-ID: <letter.1@letters.example>

Final-Recipient: rfc822; ward1@council.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.council.example. (203.0.113.9, the server for the domain.)
Diagnostic-Code: smtp; {words}
Last-Attempt-Date: Tue, 24 Nov 2026 02:12:09 -0800 (PST)

--00000000000053b4a505f8a7c1d2
Content-Type: message/rfc822

Subject: Please help

--00000000000053b4a505f8a7c1d2--
"""  # noqa: E501  Gmail writes this line as long as it is

COMPLAINT = """\
From: <feedback@mailbox.example>
To: <{address}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part"

--part
Content-Type: text/plain

This is an email abuse report.

--part
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{address}>
Original-Rcpt-To: <ada@mail.example>

--part
Content-Type: message/rfc822

Subject: Please help

--part--
"""


def report(
    address,
    style=POSTFIX,
    action="failed",
    status="5.1.1",
    words="550 5.1.1 User unknown",
):
    """A report to this envelope address, as bytes; lines end as in a file or a pipe."""
    filled = style.format(address=address, action=action, status=status, words=words)
    return filled.encode()


def receive(raw, envelope_to=None):
    """Note what a report says, in bytes; returns the mail."""
    return reports.receive(parse(raw), envelope_to)
