"""Cuts pictures and draws share images, in a process of its own, within limits.

    python -m campaigns.pictures.rendering FOLDER < job.json

A job may name a picture of ours (`picture`, with `focus` and the `kinds` to cut), and
what a share image shows (`share`). The files are written to FOLDER. The process loads
neither Django nor the database, so that it starts fast, and the memory of a codec ends
with it.
"""

import json
import resource
import sys
from pathlib import Path

from PIL import Image

from campaigns.pictures import cutting, share_image

MEMORY, SECONDS = 2 * 1024**3, 60


def main(folder):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    job = json.load(sys.stdin)
    picture, focus = None, job.get("focus")
    if job.get("picture"):
        with Image.open(job["picture"], formats=["JPEG"]) as opened:
            picture = opened.convert("RGB")
        picture.info = {}
        cutting.develop(picture, job["kinds"], focus, folder)
    if job.get("share"):
        image = share_image.draw(job["share"], picture, focus)
        image.save(folder / "share.jpg", quality=88, subsampling=0, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
