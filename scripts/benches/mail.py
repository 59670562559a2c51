"""Mails of orders, written and handed to a server of this machine by one worker, each marked before."""

from __future__ import annotations

import random
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import sql
from scripts.benches import Context, Result
from scripts.benches._orders import accept, drafts, fill, keep_messages
from sync import jobs
from sync.mail import deliver
from sync.shops import SYSTEM_ACCOUNT

MAILS, QUICK = 3_000, 500
PAGE: Final = 500
RATE: Final = 200.0


def run(context: Context) -> Result:
    """Send the confirmation of so many orders, then the same number of bare messages."""
    mails = QUICK if context.quick else MAILS
    database = context.database()
    settings = replace(
        context.servers.settings,
        worker_database_url=database.worker,
        web_database_url=database.web,
        database_url=database.admin,
    )
    try:
        with post() as port, sql.connect(database.admin) as admin:
            fill(database.worker, shops=1, skus=200, bundles=0, on_hand=100_000)
            sql.run(
                admin, "update mail.mail_rule set is_on = true where mail_event = 'order_received'"
            )
            sql.run(
                admin,
                "insert into mail.mail_account (shop_id, from_address, smtp_host, smtp_port, smtp_security, per_minute)"
                " values (1, 'shop@shop.example', '127.0.0.1', %(port)s, 'none', 60000)",
                {"port": port},
            )
            with sql.connect(database.worker, account_id=SYSTEM_ACCOUNT) as worker:
                sql.call(worker, "transit.outgoing_set", "mail", True)
                for first in range(0, mails, PAGE):
                    made = drafts(random.Random(first), PAGE, first + 1, shops=1, listings=200)
                    keep_messages(worker, made)
                    accept(worker, made)
            work = jobs.begin(settings)
            began, spent = time.monotonic(), time.process_time()
            sent = 0
            while (turn := deliver.send_mails(work, 1)).sent or turn.is_more:
                sent += turn.sent
            seconds, processor_s = time.monotonic() - began, time.process_time() - spent
            if sent != mails:
                raise ValueError(f"{sent} of {mails} mails were sent")
            bytes_of = sql.run(admin, "select avg(octet_length(body)) from mail.mail_party")[0][0]
            work.close()
            bare = _bare(port, mails, int(bytes_of))
    finally:
        context.drop(database)
    return Result(
        ratios={"mails_per_s": sent / seconds, "rate_to_bare": (sent / seconds) / (mails / bare)},
        targets={"mails_per_s": (">=", RATE)},
        figures={
            "mails": sent,
            "mail_bytes": float(bytes_of),
            "processor_ms_a_mail": processor_s / sent * 1000,
            "bare_per_s": mails / bare,
        },
    )


@contextmanager
def post() -> Iterator[int]:
    """The server; ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.benches._post"], stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None:
            raise OSError("the mail server did not start")
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def _bare(port: int, count: int, size: int) -> float:
    """Seconds for the same number of messages of that size by `smtplib` alone, over one connection."""
    line = "x" * 70 + "\r\n"
    content = "Subject: x\r\n\r\n" + line * (size // len(line))
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _ in range(count):
            server.sendmail("shop@shop.example", ["a@example.jp"], content)
    return time.monotonic() - began
