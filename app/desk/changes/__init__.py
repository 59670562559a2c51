"""Undo: whoever made a change takes it back; what was changed since is left and told."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import abort, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.utils.base import get_safe_redirect
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, reader
from app.catalog import query
from app.desk.chosen import name_of, wants_json
from app.errors import refusal, side_of
from app.fab.labels import names_of
from app.messages import done, stop
from app.words import t

AT_ONCE_MAX = 500
TOLD_MAX = 20
NUMBER_MAX = 2**63


class Changes(BaseView):
    """POST `/undo/<change_no>`; large ones become a job."""

    route_base = "/undo"

    @expose("/<int:change_no>", methods=["POST"])
    def undo(self, change_no: int) -> Any:
        if reader() is None:
            abort(401)
        size = _size(change_no)
        if size == 0:
            return _said(
                t(
                    "この変更は見つからないか、あなたのものではありません。 | This change is not there, or is not yours."
                ),
                404,
            )
        return _later(change_no) if size > AT_ONCE_MAX else _now(change_no)


def _size(change_no: int) -> int:
    if not 0 < change_no < NUMBER_MAX:
        return 0
    return int(data().scalar(sa.text(query("change_size")), {"change_no": change_no}) or 0)


def _now(change_no: int) -> Any:
    session = data()
    try:
        rows = session.execute(
            sa.text(query("change_undo")), {"change_no": change_no, "most": AT_ONCE_MAX}
        ).all()
        number = session.scalar(sa.text(query("change_no")))
        session.commit()
    except DBAPIError as error:
        session.rollback()
        why = refusal(error, generation().catalog)
        return _said(why.sentence, why.status)
    back = [row for row in rows if row.outcome in ("undone", "partly")]
    left = [row for row in rows if row.reason]
    names = _names(left[:TOLD_MAX])
    sentence = _sentence(len(back), left, names)
    if wants_json():
        return jsonify(
            message=sentence,
            undone=len(back),
            left=[
                {"row": _row(row, names), "reason": side_of(row.reason)} for row in left[:TOLD_MAX]
            ],
            change_no=number if back else None,
        )
    if back:
        done(sentence, undo=number)
    else:
        stop(sentence)
    return redirect(get_safe_redirect(request.form.get("next", "")))


def _later(change_no: int) -> Any:
    session = data()
    try:
        number = session.scalar(
            sa.text(query("work_ask")),
            {
                "job": "undo_change",
                "label": f"変更 {change_no} を元に戻す | Undo of change {change_no}",
                "arguments": json.dumps({"change_no": change_no}),
            },
        )
        session.commit()
    except DBAPIError as error:
        session.rollback()
        why = refusal(error, generation().catalog)
        return _said(why.sentence, why.status)
    link = url_for("Jobs.show", number=number)
    if wants_json():
        return jsonify(number=number, link=link)
    done(
        t(
            "元に戻し始めました。進みはここで見られます。 | The undo has begun; see here how far it is."
        )
    )
    return redirect(link)


def _sentence(back: int, left: Sequence[Any], names: Mapping[tuple[str, str], str]) -> str:
    said = t("{n}行を元に戻しました。 | {n} rows were put back.", n=f"{back:,}")
    if not left:
        return said
    reasons = dict.fromkeys(side_of(row.reason) for row in left)
    first = "、".join(_row(row, names) for row in left[:3])
    return " ".join(
        [
            said,
            t("{n}行について: | About {n} rows:", n=f"{len(left):,}"),
            *list(reasons)[:3],
            f"({first}{' …' if len(left) > 3 else ''})",
        ]
    )


def _names(rows: Sequence[Any]) -> Mapping[tuple[str, str], str]:
    """What people call these rows: by table and key."""
    found: dict[tuple[str, str], str] = {}
    for full in {row.table_name for row in rows}:
        relation = generation().catalog.relations.get(full)
        if relation is not None and len(relation.key) == 1:
            keys = [
                (row.row_key or {}).get(relation.key[0]) for row in rows if row.table_name == full
            ]
            found |= {(full, key): said for key, said in names_of(relation, keys).items()}
    return found


def _row(row: Any, names: Mapping[tuple[str, str], str]) -> str:
    relation = generation().catalog.relations.get(row.table_name)
    named = name_of(relation) if relation else row.table_name
    key = " ".join(str(value) for value in (row.row_key or {}).values())
    return f"{named} {names.get((row.table_name, key)) or key}"


def _said(sentence: str, status: int) -> Any:
    if wants_json():
        return jsonify(message=sentence), status
    stop(sentence)
    return redirect(get_safe_redirect(request.form.get("next", "")))
