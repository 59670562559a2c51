"""What is kept of the counts of the sidebar, with its age."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, jsonify

from app.asking import data, reader
from app.catalog import query
from app.errors import side_of
from app.words import t


def counts_blueprint() -> Blueprint:
    """`/counts`: one request of a page, after it has been shown; nothing is counted here."""
    blueprint = Blueprint("counts", __name__)

    @blueprint.get("/counts")
    def kept() -> Any:
        if reader() is None:
            abort(401)
        now = datetime.now(UTC)
        rows = data().execute(sa.text(query("counts_kept"))).all()
        return jsonify(
            counts={
                row.count_code: {
                    "count": row.counted,
                    "more": row.is_limited,
                    "oldest_at": row.oldest_at.isoformat() if row.oldest_at else None,
                    "fault": side_of(row.fault) if row.fault else None,
                    "age_s": _seconds(now - row.counted_at),
                    "age": side_of(row.fault) if row.fault else _said(now - row.counted_at),
                }
                for row in rows
            },
            age_s=max((_seconds(now - row.counted_at) for row in rows), default=None),
        )

    return blueprint


def _seconds(ago: timedelta) -> int:
    return max(0, int(ago.total_seconds()))


def _said(ago: timedelta) -> str:
    seconds = _seconds(ago)
    if seconds < 120:
        return t("{n}秒前に数えた | Counted {n} s ago", n=seconds)
    return t("{n}分前に数えた | Counted {n} min ago", n=seconds // 60)
