"""Saved searches: kept under a name, shared, removed."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from app.asking import data, generation, may, reader
from app.catalog import query
from app.errors import GONE, refusal
from app.fab import conditions, layouts, values
from app.fab.list_page import same_list
from app.messages import done, stop
from app.words import t

TREE_MAX = 200_000


class Searches(BaseView):
    """What a person keeps of a list; the rows are said by the policies of `staff.saved_search`."""

    route_base = "/searches"

    @expose("/<schema>/<table>", methods=["POST"])
    def save(self, schema: str, table: str) -> Any:
        """Keep the conditions, columns and order of a list under a name."""
        full = f"{schema}.{table}"
        _allow(full)
        given = {
            "relation": full,
            "search_name": values.dropped(request.form.get("label", "")).strip(),
            "condition": _tree(),
            "columns": request.form.getlist("column"),
            "sort": [request.form["sort"]] if request.form.get("sort", "").strip("-") else [],
            "is_pinned": bool(request.form.get("is_pinned")),
            "is_shared": bool(request.form.get("is_shared")),
        }
        statement = sa.text(query("search_save")).bindparams(
            sa.bindparam("condition", type_=sa.JSON)
        )
        try:
            number = data().execute(statement, given).scalar_one()
            data().commit()
        except DBAPIError as error:
            data().rollback()
            relation = generation().catalog.relations["staff.saved_search"]
            stop(refusal(error, generation().catalog, relation).sentence)
            return redirect(_again(full, given))
        done(t("この条件を保存しました。 | Search saved."))
        return redirect(url_for("tables.list", schema=schema, table=table, s=number))

    @expose("/<int:saved_search_id>/remove", methods=["POST"])
    def remove(self, saved_search_id: int) -> Any:
        """Remove a search of one's own."""
        _allow("staff.saved_search")
        row = data().execute(sa.text(query("search_remove")), {"number": saved_search_id}).first()
        if row is None:
            data().rollback()
            abort(404, description=t(GONE))
        data().commit()
        done(t("保存した検索を消しました。 | Saved search removed."))
        schema, table = row.relation.split(".", 1)
        return redirect(url_for("tables.list", schema=schema, table=table))


def _again(full: str, given: Mapping[str, Any]) -> str:
    """The same list with the name that was refused, to be put right."""
    relation = generation().catalog.relations[full]
    said = conditions.arguments_of(relation, given["condition"]) or ()
    order = layouts.sorted_as(given["sort"])
    columns = [("cols", ",".join(given["columns"]))] if given["columns"] else []
    return same_list(relation, MultiDict([*said, *order, *columns]), name=given["search_name"])


def _allow(full: str) -> None:
    if reader() is None:
        abort(401)
    if not may("read", full):
        abort(403)


def _tree() -> Any:
    text = request.form.get("condition", "{}")
    try:
        return json.loads(text) if len(text) <= TREE_MAX else abort(413)
    except (ValueError, RecursionError):
        abort(400)
