"""Search over everything by REST: what `access.find` finds under the caller's rights."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, jsonify, request

from app.api.refused import Refused, reading
from app.asking import data, may, reader
from app.catalog import query
from app.errors import side_of
from app.words import is_short, t

WORDS_MAX = 200
MOST = 50


def finding_blueprint(kinds: Mapping[str, str]) -> Blueprint:
    """`/api/v1/find?q=`; `kinds` says in which table (`schema.table`) each kind of row is."""
    blueprint = Blueprint("finding", __name__)

    @blueprint.get("/api/v1/find")
    def find() -> Response:
        if reader() is None:
            abort(401)
        words = request.args.get("q", "").strip()
        if is_short(words) or len(words) > WORDS_MAX or "\x00" in words:
            said = (
                "q に2文字（漢字とかなは1文字）から{high}文字の言葉を書きます。 | "
                "Write 2 to {high} characters in q; a kanji or kana may stand alone."
            )
            raise Refused(400, t(said, high=WORDS_MAX))
        with reading():
            rows = data().execute(sa.text(query("find")), {"words": words, "most": MOST}).all()
        return jsonify(result=[_row(kinds[row.kind], row) for row in rows if _is_open(kinds, row)])

    return blueprint


def _is_open(kinds: Mapping[str, str], row: Any) -> bool:
    return row.kind in kinds and may("read", kinds[row.kind])


def _row(full: str, row: Any) -> dict[str, object]:
    return {
        "kind": row.kind,
        "title": row.title,
        "detail": side_of(row.detail or ""),
        "rank": row.rank,
        "resource": f"/api/v1/{full.replace('.', '/')}/{row.key}",
    }
