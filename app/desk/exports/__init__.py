"""Exports: what a list shows, all of it, as a file made in the background."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask_appbuilder.utils.base import get_safe_redirect
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, rights, zone
from app.catalog import Column, Relation, query
from app.desk.chosen import (
    COLUMNS_MAX,
    ChoiceWrong,
    answered,
    chosen,
    name_of,
    relation_of,
    sent,
    wants_json,
)
from app.errors import refusal
from app.fab.beside import Beside, beside
from app.fab.cells import is_bilingual
from app.fab.screen import list_columns
from app.messages import done, stop
from app.screens import SCREENS
from app.words import label_of, language, t

FORMATS = ("csv", "csv_cp932", "xlsx")


def exports_blueprint() -> Blueprint:
    """POST `/export/<schema>/<table>`: asks for the file; the answer is the job."""
    blueprint = Blueprint("exports", __name__)

    @blueprint.post("/export/<schema>/<table>")
    def ask(schema: str, table: str) -> Any:
        relation = relation_of(schema, table)
        try:
            arguments = _arguments(relation)
            number = _asked(relation, arguments)
        except ChoiceWrong as error:
            return _refused(str(error), 422)
        except DBAPIError as error:
            data().rollback()
            why = refusal(error, generation().catalog)
            return _refused(why.sentence, why.status)
        if not wants_json():
            done(
                t(
                    "書き出しを始めました。できると、ここから受け取れます。 | The export has begun; fetch it here when it is done."
                )
            )
        return answered(url_for("Jobs.show", number=number), number=number)

    return blueprint


def _asked(relation: Relation, arguments: dict[str, Any]) -> int:
    session = data()
    where = {"relation": relation.full, "condition": _json(arguments["condition"]), "keys": None}
    # A condition that cannot be is refused here and now, not in a job.
    session.execute(sa.text(query("matching_check")), where)
    label = f"{name_of(relation, 'ja')}を書き出す | Export of {name_of(relation, 'en')}"
    number = session.execute(
        sa.text(query("work_ask")),
        {"job": "export_rows", "label": label, "arguments": json.dumps(arguments)},
    ).scalar_one()
    session.commit()
    return int(number)


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value)


def _arguments(relation: Relation) -> dict[str, Any]:
    form = sent()
    held = rights()
    readable = held.read[relation.full] if held else frozenset()
    names = form.getlist("column") or list_columns(SCREENS.of(relation), relation, readable)
    others = beside(relation, names)
    # What stands beside and may not be read is not in the list either
    names = [name for name in names if "." not in name or name in others]
    wrong = [
        name
        for name in names
        if name not in others and (name not in readable or relation.columns[name].kind == "bytes")
    ]
    if wrong or not 0 < len(names) <= COLUMNS_MAX:
        raise ChoiceWrong(
            t(
                "書き出せない列があります。一覧の列を選び直してください。 | A column cannot be exported. Choose the columns of the list again."
            )
        )
    # An amount without its currency is none
    has_money = any(
        name not in others and relation.columns[name].domain == "money" for name in names
    )
    if has_money and "currency_code" in readable and "currency_code" not in names:
        names = [*names, "currency_code"]
    form_of_file = form.get("format", "csv")
    if form_of_file not in FORMATS:
        raise ChoiceWrong(t("形式は CSV か Excel です。 | The format is CSV or Excel."))
    return {
        **chosen(relation, form).arguments,
        "columns": [
            _beside(relation, others[name])
            if name in others
            else _column(relation, relation.columns[name])
            for name in dict.fromkeys(names)
        ],
        "order": _order(relation, readable, form.getlist("order")),
        "format": form_of_file,
        "file_name": f"{_file_name(name_of(relation))}-{datetime.now(zone()):%Y%m%d-%H%M}",
        "zone": str(zone()),
    }


def _column(relation: Relation, column: Column) -> dict[str, Any]:
    to = relation.references.get(column.name)
    target = generation().catalog.relations.get(to[0]) if to else None
    return {
        "name": column.name,
        "head": label_of(column.comment, column.name, language()),
        "kind": column.kind,
        "is_bilingual": is_bilingual(relation, column),
        "words": dict(SCREENS.value_labels.get(column.name, {})),
        "reference": {"relation": to[0], "key": to[1], "titles": list(target.title_columns)}
        if to and target
        else None,
    }


def _beside(relation: Relation, one: Beside) -> dict[str, Any]:
    """A column of another relation with the same key, found by the key of each row."""
    (key,) = relation.key
    reference = {
        "relation": one.relation.full,
        "key": key,
        "titles": [one.column.name],
        "is_beside": True,
    }
    return _column(one.relation, one.column) | {"name": key, "reference": reference}


def _order(relation: Relation, readable: frozenset[str], wanted: Sequence[str]) -> list[list[str]]:
    """`name` or `name.desc`, most important first; the key breaks ties."""
    order: dict[str, str] = {}
    for text in wanted:
        name, _, way = text.partition(".")
        if name not in readable or way not in ("", "asc", "desc"):
            raise ChoiceWrong(t("並べ方を読めません。 | The order cannot be read."))
        order.setdefault(name, way or "asc")
    if not order and (own := SCREENS.of(relation).order) and own[0] in readable:
        order[own[0]] = own[1]
    last = next(reversed(order.values()), "asc")
    for name in relation.key:
        if name in readable:
            order.setdefault(name, last)
    return [[name, way] for name, way in order.items()]


def _file_name(label: str) -> str:
    return "".join("_" if one in '\\/:*?"<>|.' or not one.isprintable() else one for one in label)[
        :60
    ]


def _refused(sentence: str, status: int) -> Any:
    if wants_json():
        return jsonify(message=sentence), status
    if status not in (404, 422):
        abort(status, description=sentence)
    stop(sentence)
    return redirect(get_safe_redirect(request.form.get("next") or request.referrer or ""))
