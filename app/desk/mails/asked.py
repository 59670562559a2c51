"""A job on the lane that is kept free, asked for by a button that waits for its answer."""

import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation
from app.catalog import query
from app.errors import refusal, side_of
from app.words import t

WAIT_S = 10.0
LOOK_S = 0.25
SLOW = "まだ答えがありません。少し待ってもう一度してください。 | There is no answer yet. Wait a moment and try again."


def answered(name: str, values: dict[str, Any]) -> tuple[bool, str]:
    """Ask by this query, then wait for the answer: whether it went well, and a sentence."""
    try:
        number = data().scalar(sa.text(query(name)), values)
        data().commit()
    except DBAPIError as error:
        data().rollback()
        return False, refusal(error, generation().catalog).sentence
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        row = data().execute(sa.text(query("mail_asked")), {"number": number}).first()
        # Each look is a transaction of its own, or nothing new would be seen
        data().commit()
        if row is None:
            break
        if row.is_done:
            said = (row.answer or {}).get("said", "")
            return not row.error, side_of(row.error or said)
        time.sleep(LOOK_S)
    return False, t(SLOW)
