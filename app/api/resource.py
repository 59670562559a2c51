"""The REST resource of one relation, for readers with one set of rights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, request
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi
from flask_appbuilder.security.decorators import permission_name, protect
from sqlalchemy.orm import Query

from app.api import calls
from app.api.asked import Asked, Known, asked, columns_asked
from app.api.documents import arguments_of, json_object, row_values
from app.api.refused import Refused, reading, writing
from app.asking import data, generation, may, rights
from app.catalog import Column, Relation, query
from app.errors import CHANGED_MEANWHILE, GONE, label, side_of
from app.fab import actions, conditions, paging, values
from app.fab.interface import Interface
from app.fab.labels import Labels
from app.fab.screen import Screen, Screens, offered, writable
from app.fab.seen import seen_mark
from app.words import help_of, label_of, language, t

COUNT_MAX = 10_000
NOT_YOURS = "この操作はあなたの役割ではできません。 | Your role may not do this."


class TableApi(BaseApi):
    """REST over one relation; what it refuses is a sentence, or one for each field with status 422."""

    relation: Relation
    screen: Screen
    datamodel: Interface
    add_columns: Sequence[str]
    edit_columns: Sequence[str]
    known: Known
    allow_browser_login = True
    include_route_methods = {"get_list", "get", "post", "put", "delete", "info", "act"}  # noqa: RUF012
    method_permission_name = {  # noqa: RUF012
        "get_list": "list",
        "get": "show",
        "post": "add",
        "put": "edit",
        "delete": "delete",
        "info": "list",
        "act": "act",
    }

    def response_403(self, **_: Any) -> Response:
        return self.response(403, message=t(NOT_YOURS))

    # ---- reading
    @expose("/", methods=["GET"])
    @protect()
    def get_list(self) -> Response:
        """Rows under conditions, a page at a time."""
        wanted = asked(self.known, request.args)
        with reading(self.relation):
            found = self._page(wanted)
            first = not wanted.place.mark
            count = self._count(wanted.tree) if first else None
        said: dict[str, Any] = {"result": [self._row(row, wanted.columns) for row in found.rows]}
        if self.datamodel.key:
            said["ids"] = [self.datamodel.key_text(row) for row in found.rows]
        if count is not None:
            said |= {"count": min(count, COUNT_MAX), "count_is_limited": count > COUNT_MAX}
        said |= {"before": found.before, "after": found.after}
        if wanted.labels:
            said["labels"] = self._labels(found.rows, wanted.columns)
        return self.response(200, **said)

    @expose("/<path:pk>", methods=["GET"])
    @protect()
    def get(self, pk: Any) -> Response:
        """One row, with the mark by which a later change knows that nobody changed it meanwhile."""
        wanted = columns_asked(self.known, request.args)
        with reading(self.relation):
            item = self._found(self.datamodel.get(pk))
        said: dict[str, Any] = {
            "id": self.datamodel.key_text(item),
            "result": self._row(item, wanted),
        }
        if request.args.get("labels", "") in ("1", "true", "yes"):
            said["labels"] = self._labels([item], wanted)
        return self._marked(self.response(200, **said), item)

    @expose("/_info", methods=["GET"])
    @protect()
    def info(self) -> Response:
        """The columns, what may be done, and how it is called, in the reader's language."""
        held, full = rights(), self.relation.full
        verbs = {"insert": "add", "update": "change", "delete": "delete"}
        return self.response(
            200,
            name=full,
            label=label_of(self.relation.comment, self.relation.name, language()),
            help=help_of(self.relation.comment, language()),
            key=list(self.datamodel.key),
            may=["read", *(said for verb, said in verbs.items() if may(verb, full))],
            columns=[self._column(self.relation.columns[name]) for name in self.known.names],
            actions=[
                {
                    "name": function.full,
                    "label": label_of(function.comment, function.name, language()),
                    "help": help_of(function.comment, language()),
                }
                for function in offered(self.screen.actions, generation().catalog, held)
            ]
            if held
            else [],
        )

    # ---- writing
    @expose("/", methods=["POST"])
    @protect()
    def post(self) -> Response:
        """Add a row."""
        found = row_values(self._columns(self.add_columns), json_object(), adding=True)
        item = self.datamodel.obj()
        with writing(self.relation):
            for name, value in found.items():
                setattr(item, name, value)
            data().add(item)
            data().flush()
            key = self.datamodel.key_text(item) if self.datamodel.key else None
        if key is None:
            return self.response(201, id=None, result=None)
        # A row outside of what the reader looks after can be made, and then is not seen
        made = self.datamodel.get(key)
        result = self._row(made, self.known.names) if made is not None else None
        answer = self.response(201, id=key, result=result)
        return self._marked(answer, made) if made is not None else answer

    @expose("/<path:pk>", methods=["PUT"])
    @protect()
    def put(self, pk: Any) -> Response:
        """Change a row, unless somebody else changed it since the reader saw it."""
        given = json_object()
        version = given.pop("version", None) if "version" in self.known.names else None
        found = row_values(self._columns(self.edit_columns), given, adding=False)
        with writing(self.relation):
            item = self._found(self.datamodel.get_locked(pk))
            self._unchanged(item)
            if version is not None and version != item.version:
                raise Refused(409, t(CHANGED_MEANWHILE))
            for name, value in found.items():
                setattr(item, name, value)
        item = self._found(self.datamodel.get(pk))
        return self._marked(self.response(200, result=self._row(item, self.known.names)), item)

    @expose("/<path:pk>", methods=["DELETE"])
    @protect()
    def delete(self, pk: Any) -> Response:
        """Delete a row."""
        with writing(self.relation):
            item = self._found(self.datamodel.get_locked(pk))
            self._unchanged(item)
            data().delete(item)
        return self.response(200, message=t("削除しました。 | Deleted."))

    @expose("/<path:pk>/act/<name>", methods=["POST"])
    @protect()
    @permission_name("act")
    def act(self, pk: Any, name: str) -> Response:
        """Call a granted function on a row that the reader may see."""
        function = actions.offered_function(self, name)
        if name not in self.screen.actions:
            abort(404)
        given = arguments_of(function.arguments[1:], json_object())
        with reading(self.relation):
            item = self._found(self.datamodel.get(pk))
        # The row's key as the parameter's type: a bigint stays one
        key = {function.arguments[0].name: getattr(item, self.datamodel.key[0])}
        return calls.answer(calls.run(function, key | given))

    # ---- parts
    def _page(self, wanted: Asked) -> paging.Page:
        names = dict.fromkeys((*self.datamodel.key, *wanted.order.names(()), *wanted.columns))
        model: Any = self.datamodel.obj
        rows: Query[Any] = data().query(*(getattr(model, name) for name in names))
        text = conditions.compiled(self.relation, wanted.tree)
        if text is not None:
            rows = rows.filter(text)
        # A reader who may not read the whole key has rows that nothing tells apart: one page of them
        relation = replace(self.relation, key=self.datamodel.key)
        found = paging.page(rows, model, relation, wanted.order, wanted.place, wanted.size)
        return found if self.datamodel.key else replace(found, before=None, after=None)

    def _count(self, tree: conditions.Tree) -> int:
        typed = sa.text(query("list_count")).bindparams(sa.bindparam("tree", type_=sa.JSON))
        given = {"relation": self.relation.full, "tree": tree, "most": COUNT_MAX + 1}
        return data().execute(typed, given).scalar_one()

    def _row(self, row: Any, names: Iterable[str]) -> dict[str, object]:
        return {name: values.to_json(getattr(row, name)) for name in names}

    def _labels(self, rows: Sequence[Any], names: Iterable[str]) -> dict[str, dict[str, str]]:
        """What the values of reference columns stand for, by column and value."""
        referring = [name for name in names if name in self.relation.references]
        labels, found = Labels(), dict[str, dict[str, str]]()
        labels.learn((self.relation, n, [getattr(row, n) for row in rows]) for n in referring)
        for name in referring:
            said = {
                str(value): labels.of(self.relation, name, value)
                for value in {getattr(row, name) for row in rows} - {None}
            }
            found[name] = {value: text for value, text in said.items() if text is not None}
        return found

    def _columns(self, names: Iterable[str]) -> list[Column]:
        return [self.relation.columns[name] for name in names]

    def _found(self, item: Any) -> Any:
        if item is None:
            raise Refused(404, t(GONE))
        return item

    def _mark(self, item: Any) -> str:
        return seen_mark(item, self.known.names)

    def _marked(self, answer: Response, item: Any) -> Response:
        answer.set_etag(self._mark(item))
        return answer

    def _unchanged(self, item: Any) -> None:
        """Refuse when the request names the mark of a row as it no longer is."""
        if request.if_match and not request.if_match.contains(self._mark(item)):
            raise Refused(409, t(CHANGED_MEANWHILE))

    def _column(self, column: Column) -> Mapping[str, object]:
        target = self.relation.references.get(column.name)
        return {
            "name": column.name,
            "label": label(column),
            "help": help_of(column.comment, language()),
            "type": column.type,
            "required": not column.nullable and not column.has_default,
            "may_add": column.name in self.add_columns,
            "may_change": column.name in self.edit_columns,
            "choices": [{"value": choice, "label": side_of(choice)} for choice in column.choices],
            "refers_to": target[0] if target else None,
        }


def table_api(relation: Relation, screens: Screens, columns: frozenset[str]) -> type[TableApi]:
    """The class of a relation's resource for a reader who may read these columns."""
    held = rights()
    if held is None:
        abort(401)
    dm = Interface(generation().model(relation, columns), relation)
    screen = screens.of(relation)
    first = next(iter(dm.key), None)
    base = screen.order or ((first, "desc") if first else None)
    order = dm.get_order_columns_list()
    attributes = {
        "relation": relation,
        "screen": screen,
        "datamodel": dm,
        "class_permission_name": relation.full,
        "resource_name": relation.full.replace(".", "/"),
        "base_permissions": [
            "can_list",
            "can_show",
            "can_add",
            "can_edit",
            "can_delete",
            "can_act",
        ],
        "add_columns": writable(relation, held.insert.get(relation.full, frozenset())),
        "edit_columns": [
            name
            for name in writable(relation, held.update.get(relation.full, frozenset()))
            if name in columns
        ],
        "known": Known(
            relation=relation,
            names=dm.names,
            search=dm.get_search_columns_list(),
            order=order,
            key=dm.key,
            base_order=base if base and base[0] in order else None,
        ),
    }
    return type(relation.full, (TableApi,), attributes)
