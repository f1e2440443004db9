"""Carries frames between two network interfaces, late, and some of them never.

`python slow_link.py FIRST SECOND SECONDS SHARE` makes each frame that many seconds
late, in both directions, and loses that share. `tc netem` does the same, but not every
kernel has it.
"""

import random
import select
import socket
import sys
import time
from collections import deque
from contextlib import suppress

# Of linux/if_packet.h and linux/if_ether.h; Python does not name them.
ALL_PROTOCOLS, SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 3, 263, 15, 23
LONGEST = 1 << 17


def end_at(interface):
    """A socket that gets what arrives there, with what the kernel has left to do.

    Frames between namespaces are up to 64 KB long, and have no checksums yet.
    """
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    end.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    end.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    end.bind((interface, ALL_PROTOCOLS))
    return end


def carry(first, second, seconds, share):
    ends = (end_at(first), end_at(second))
    others = dict(zip(ends, reversed(ends), strict=True))
    late = deque()  # all are as late as each other, so the first one is due first
    while True:
        wait = max(0, late[0][0] - time.monotonic()) if late else None
        for end in select.select(ends, [], [], wait)[0]:
            frame = end.recv(LONGEST)
            if random.random() >= share:
                late.append((time.monotonic() + seconds, others[end], frame))
        while late and late[0][0] <= time.monotonic():
            _due, end, frame = late.popleft()
            with suppress(OSError):
                end.send(frame)


if __name__ == "__main__":
    carry(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
