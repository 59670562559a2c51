"""Who asks in this request, with which rights, over which catalogue."""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Flask, current_app, g
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from app.catalog import Rights, query
from app.generation import Generation, Generations
from app.session import Reader, Sessions


def sessions_of(app: Flask | None = None) -> Sessions:
    """The database sessions of this application."""
    return (app or current_app).extensions["sessions"]


def data() -> Session:
    """The session that speaks as the reader's role."""
    return sessions_of().data()


def generations() -> Generations:
    """The generations of this application's catalogue."""
    return current_app.extensions["generations"]


def generation() -> Generation:
    """The generation that this request goes on with."""
    return generations().current()


def zone() -> ZoneInfo:
    """The zone in which staff read and write times."""
    return current_app.config["ZONE"]


def reader() -> Reader | None:
    """Who is asking, or None for somebody who has not signed in."""
    user = g.get("user")
    # The library puts a proxy there that asks again at each look
    who = user._get_current_object() if isinstance(user, LocalProxy) else user  # noqa: SLF001 - its only way out
    return who if who is not None and who.is_authenticated else None


def role_of(who: Reader) -> str:
    """The database role whose grants decide for this reader."""
    return f"{current_app.config['ROLE_PREFIX']}{who.staff_role}"


def rights() -> Rights | None:
    """The rights of the one who is asking."""
    who = reader()
    return generation().rights(role_of(who)) if who else None


def may(verb: str, full: str) -> bool:
    """Whether the reader may read, insert into, update or delete from a relation, or execute a function."""
    held = rights()
    return held is not None and full in getattr(held, verb)


def change_no() -> int | None:
    """The number of what the reader's transaction has changed so far, to be offered for undoing.

    Ask before the commit: it belongs to the transaction.
    """
    return data().scalar(sa.text(query("change_no")))


def may_make_people() -> bool:
    """Whether the grants let the reader invite people, and so look after them."""
    return may("execute", "staff.account_invite")
