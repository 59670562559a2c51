"""The REST resource of one relation, for readers with one set of rights."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, request
from flask_appbuilder import ModelRestApi, expose
from flask_appbuilder.api import safe
from flask_appbuilder.api.convert import BaseModel2SchemaConverter
from flask_appbuilder.models.filters import Filters
from flask_appbuilder.security.decorators import permission_name, protect
from marshmallow import RAISE, Schema, ValidationError, fields
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from app.asking import data, generation, rights, zone
from app.catalog import Column, Relation
from app.errors import GONE, refusal
from app.fab import actions, values
from app.fab.interface import FilterRefused, Interface
from app.fab.screen import Screen, Screens, writable
from app.words import t

PAGE_MAX = 1_000
_SAID = {
    "integer": {"type": "integer"},
    "numeric": {"type": "string", "format": "decimal"},
    "float": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "datetime": {"type": "string", "format": "date-time"},
    "json": {},
    "array": {"type": "array", "items": {}},
}


class ColumnValue(fields.Field):
    """A column in a JSON document."""

    def __init__(self, column: Column, **rest: Any) -> None:
        super().__init__(
            metadata=_SAID.get(column.kind, {"type": "string"})
            | {"description": column.comment or "", "nullable": column.nullable},
            **rest,
        )
        self.column = column

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return values.to_json(value)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        try:
            found = values.from_json(self.column, value, zone())
        except values.NotAValue as error:
            raise ValidationError(str(error)) from None
        if self.column.choices and found is not None and found not in self.column.choices:
            raise ValidationError(t("一覧から選んでください。 | Choose one from the list."))
        return found


class ColumnSchemas(BaseModel2SchemaConverter):
    """Marshmallow schemas from the catalogue: plain values in, plain values out."""

    datamodel: Interface

    def convert(
        self,
        columns: list[str],
        model: Any = None,
        nested: bool = True,  # noqa: FBT001, FBT002 - the library's
        parent_schema_name: str | None = None,
    ) -> Schema:
        relation = self.datamodel.relation
        made = {
            name: ColumnValue(
                relation.columns[name],
                allow_none=relation.columns[name].nullable,
                required=not relation.columns[name].nullable
                and not relation.columns[name].has_default,
                error_messages=_messages(),
            )
            for name in columns
        }
        meta = type("Meta", (), {"register": False, "unknown": RAISE, "ordered": True})
        schema = type(f"{relation.full}.{parent_schema_name}", (Schema,), {**made, "Meta": meta})
        return schema()


def _messages() -> dict[str, Any]:
    # Made once per table, said to readers of both languages: both are written.
    return {
        "required": "必ず入れてください。 | This must be filled in.",
        "null": "空にはできません。 | This cannot be empty.",
    }


class TableApi(ModelRestApi):
    """REST over one relation; what it refuses is a sentence per field, with HTTP status 422."""

    relation: Relation
    screens: Screens
    screen: Screen
    datamodel: Interface
    add_model_schema: Schema
    edit_model_schema: Schema
    show_model_schema: Schema
    allow_browser_login = True
    max_page_size = PAGE_MAX
    model2schemaconverter = ColumnSchemas
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

    def _handle_filters_args(self, rison_args: dict[str, Any]) -> Filters:
        filters = self.datamodel.get_filters(self.search_columns)
        filters.rest_add_filters(rison_args.get("filters", []))
        return filters

    def get_list_headless(self, **kwargs: Any) -> Response:
        try:
            return super().get_list_headless(**kwargs)
        except FilterRefused as error:
            return self.response_400(message=str(error))
        except DBAPIError as error:
            data().rollback()
            if isinstance(error, DataError):
                return self.response_400(
                    message=t("条件の値が大きすぎます。 | The value of a condition is too large.")
                )
            why = refusal(error, generation().catalog, self.relation)
            if why.status == 422:
                raise  # nothing that the reader asked wrongly: perhaps a column went away
            return self.response(why.status, message=why.sentence)

    def get_headless(self, pk: Any, **kwargs: Any) -> Response:
        item = self.datamodel.get(pk)
        if item is None:
            return self.response(404, message=t(GONE))
        return self.response(
            200, id=self.datamodel.key_text(item), result=self.show_model_schema.dump(item)
        )

    def post_headless(self) -> Response:
        loaded = self._loaded(self.add_model_schema, partial=False)
        if isinstance(loaded, Response):
            return loaded
        item = self.datamodel.obj()
        for name, value in loaded.items():
            setattr(item, name, value)
        data().add(item)
        if refused := self._written():
            return refused
        key = self.datamodel.key_text(item) if self.datamodel.key else None
        return self.response(201, id=key, result=self.show_model_schema.dump(item))

    def put_headless(self, pk: Any) -> Response:
        loaded = self._loaded(self.edit_model_schema, partial=True)
        if isinstance(loaded, Response):
            return loaded
        item = self.datamodel.get_locked(pk)
        if item is None:
            return self.response(404, message=t(GONE))
        for name, value in loaded.items():
            setattr(item, name, value)
        return self._written() or self.response(
            200, result=self.show_model_schema.dump(self.datamodel.get(pk))
        )

    def delete_headless(self, pk: Any) -> Response:
        item = self.datamodel.get_locked(pk)
        if item is None:
            return self.response(404, message=t(GONE))
        data().delete(item)
        return self._written() or self.response(200, message="OK")

    @expose("/<pk>/act/<name>", methods=["POST"])
    @protect()
    @safe
    @permission_name("act")
    def act(self, pk: Any, name: str) -> Response:
        """Call a granted function on a row.
        ---
        post:
          responses:
            200:
              description: Done
            422:
              $ref: '#/components/responses/422'
        """
        try:
            function = actions.offered_function(self, name)
        except HTTPException as error:
            return self.response(error.code or 404, message=str(error.description))
        given = self._json()
        if isinstance(given, Response):
            return given
        wanted = {argument.name: argument for argument in function.arguments[1:]}
        wrong = {n: [t("知らない項目です。 | Unknown field.")] for n in given if n not in wanted}
        wrong |= {
            n: [t("必ず入れてください。 | This must be filled in.")]
            for n, argument in wanted.items()
            if n not in given and not argument.has_default
        }
        arguments: dict[str, object] = {}
        for n, argument in wanted.items():
            try:
                if n in given:
                    arguments[n] = values.from_json(argument, given[n], zone())
            except values.NotAValue as error:
                wrong[n] = [str(error)]
        if wrong:
            return self.response(422, message=wrong)
        outcome = actions.outcomes(self, function, [pk], arguments)[0]
        return self.response(200 if outcome.done else 422, message=outcome.sentence or "OK")

    def _json(self) -> dict[str, Any] | Response:
        try:
            given = request.get_json()
        except RequestEntityTooLarge:
            return self.response(
                413,
                message=t("大きすぎます。小さく分けてください。 | This is too large. Divide it."),
            )
        except UnsupportedMediaType:
            return self.response(
                415,
                message=t(
                    "Content-Type は application/json です。 | The Content-Type is application/json."
                ),
            )
        except (BadRequest, RecursionError, UnicodeDecodeError):
            given = None
        if not isinstance(given, dict):
            return self.response(
                400, message=t("JSONの {…} を送ってください。 | Send a JSON object.")
            )
        return given

    def _loaded(self, schema: Schema, *, partial: bool) -> dict[str, Any] | Response:
        given = self._json()
        if isinstance(given, Response):
            return given
        if not schema.fields:
            return self.response(
                403, message=t("この表には書けません。 | This table is not yours to write.")
            )
        try:
            loaded: Any = schema.load(given, partial=partial, unknown=RAISE)
        except ValidationError as error:
            return self.response(422, message=error.messages)
        return loaded

    def _written(self) -> Response | None:
        try:
            data().flush()
            data().commit()
        except (DBAPIError, StaleDataError) as error:
            data().rollback()
            why = refusal(error, generation().catalog, self.relation)
            if why.status in (403, 409, 503):
                return self.response(why.status, message=why.sentence)
            return self.response(422, message={why.column or "_": [why.sentence]})
        return None


def table_api(relation: Relation, screens: Screens, columns: frozenset[str]) -> type[TableApi]:
    """The class of a relation's resource for a reader who may read these columns."""
    held = rights()
    if held is None:
        abort(401)
    dm = Interface(generation().model(relation, columns), relation)
    screen = screens.of(relation)
    first = next(iter(relation.key), None)
    attributes = {
        "relation": relation,
        "screens": screens,
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
        "list_columns": list(dm.names),
        "show_columns": list(dm.names),
        "list_select_columns": list(dm.names),
        "show_select_columns": list(dm.names),
        "add_columns": writable(relation, held.insert.get(relation.full, frozenset())),
        "edit_columns": writable(relation, held.update.get(relation.full, frozenset())),
        "search_columns": dm.get_search_columns_list(),
        "order_columns": dm.get_order_columns_list(),
        "base_order": screen.order or ((first, "desc") if first else None),
    }
    return type(relation.full, (TableApi,), attributes)
