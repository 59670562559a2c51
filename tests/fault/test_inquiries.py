"""Mail comes in while who reads it is killed: nothing is lost, nothing stands twice, nothing is half there."""

import os
import random
import signal
import time
from pathlib import Path
from typing import Any

from sync import queue
from tests.fault.test_mail import nobody_waits, until
from tests.mail.boxes import Boxes
from tests.mail.conftest import asked_house, boxes, mailing_house, office, post
from tests.mail.post import Post
from tests.mail.test_inquiries import SHOP, bodies, letter
from tests.sync.people import a_process

__all__ = ["asked_house", "boxes", "mailing_house", "office", "post"]

MAILS = 80
KILLS = 6
PAUSES = """
import time
from sync import worker
from sync.mail import fetch
take, data_keys = fetch.take, fetch.data_keys
def read_and_not_stored(*arguments):
    time.sleep(0.005)
    take(*arguments)
def half_stored(*arguments):
    time.sleep(0.005)
    return data_keys(*arguments)
fetch.take, fetch.data_keys = read_and_not_stored, half_stored
worker.main(["mail"])
"""


def stored(house: Any) -> int:
    return int(house.one("select count(*) as n from mail.inquiry_message").n)


def test_who_reads_is_killed_between_reading_and_storing(
    asked_house: Any, boxes: Boxes, post: Post, tmp_path: Path
) -> None:
    house, chance = asked_house, random.Random(7)
    house.one("update mail.mailbox set forward_to = 'desk@desk.example' returning shop_id")
    boxes.deliver(
        *(letter(f"質問 {number}", sender=f"buyer{number}@example.com") for number in range(MAILS))
    )
    script = tmp_path / "pauses.py"
    script.write_text(PAUSES)

    def begins_to_read() -> None:
        nobody_waits(house)
        house.all("update mail.mailbox_gate set open_at = '-infinity' returning shop_id")
        queue.ask(house.context.redis, "mail", "fetch_mail", house.shop_ids[SHOP])

    hit = 0
    for _ in range(KILLS):
        with a_process(house, str(script)) as worker:
            begins_to_read()
            more = min(stored(house) + chance.randrange(1, 14), MAILS - 1)
            until(house, lambda more=more: stored(house) >= more, 30)
            time.sleep(chance.random() * 0.01)
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        hit += stored(house) < MAILS
    assert hit == KILLS
    with a_process(house, str(script)):
        begins_to_read()
        until(house, lambda: stored(house) == MAILS, 60)
        until(house, lambda: len(post.kept) >= MAILS - KILLS, 60)
        until(
            house,
            lambda: (
                not house.one(
                    "select 1 from mail.mail where state in ('due', 'claimed', 'handing')"
                )
            ),
            60,
        )

    texts = [one["text"] for one in bodies(house)]
    assert sorted(texts) == sorted(f"質問 {number}" for number in range(MAILS))
    assert house.one("select count(*) as n from mail.inquiry").n == MAILS
    # And each went to the help desk once
    assert len({mail["X-Daicho-Forwarded"] for mail in post.mails}) == len(post.kept)
    unknown = house.one("select count(*) as n from mail.mail where state = 'unknown'").n
    assert len(post.kept) >= MAILS - unknown
    assert unknown <= KILLS
    assert house.checks() == {}
