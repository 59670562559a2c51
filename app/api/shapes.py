"""JSON schemas of columns and parameters, and the small parts of an OpenAPI document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalog import Argument, Catalog, Column, Function, Relation
from app.fab.screen import Screens
from app.words import help_of, label_of, side

Json = dict[str, Any]
_KINDS: Mapping[str, Json] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "numeric": {"type": "string", "format": "decimal"},
    "float": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "uuid": {"type": "string", "format": "uuid"},
    "range": {"type": "string"},
    "interval": {"type": "string"},
    "bytes": {"type": "null"},
    "array": {"type": "array", "items": {}},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Writes in one language, with the words of the screens."""

    language: str
    screens: Screens

    def t(self, text: str) -> str:
        return side(text, self.language)

    def label(self, comment: str | None, name: str) -> str:
        return label_of(comment, name, self.language)

    def help(self, comment: str | None) -> str:
        return help_of(comment, self.language)

    def column(self, column: Column, *, writes: bool = False) -> Json:
        """The JSON schema of a column's values."""
        # Infinity is read as nothing: JSON has no word for it
        without = not writes and column.kind in ("date", "moment", "datetime")
        found = typed(column.kind, nullable=column.nullable or without, writes=writes)
        if column.choices:
            found["enum"] = [*column.choices, *([None] if column.nullable else [])]
        found["title"] = self.label(column.comment, column.name)
        if said := self.help(column.comment):
            found["description"] = said
        return found

    def argument(self, catalog: Catalog, function: Function, argument: Argument) -> Json:
        """The JSON schema of a function's parameter, with the words of the column that it is about."""
        like = self.screens.like(catalog, argument.name, function.schema)
        found = typed(argument.kind, nullable=True, writes=True)
        if like is not None:
            found["title"] = self.label(like[1].comment, like[1].name)
            if like[1].choices:
                found["enum"] = [*like[1].choices, None]
        else:
            words = self.screens.parameters.get(argument.name)
            found["title"] = self.label(words, argument.name.removeprefix("p_"))
            if said := self.help(words):
                found["description"] = said
        return found


def typed(kind: str, *, nullable: bool, writes: bool = False) -> Json:
    """The JSON schema of a kind of value; exact numbers are texts, and may be written as numbers."""
    found: Json = dict(_KINDS.get(kind, {}))
    if not found:
        return found
    if writes and kind == "numeric":
        found = {"type": ["string", "number"]}
    elif writes and kind in ("date", "moment", "datetime", "time"):
        # A person's way to write them is read as well
        found = {"type": "string"}
    said = found["type"]
    if nullable and said != "null":
        found |= {"type": [*([said] if isinstance(said, str) else said), "null"]}
    return found


def row_schema(
    relation: Relation,
    names: Sequence[str],
    author: Author,
    *,
    writes: bool = False,
    required: Sequence[str] = (),
) -> Json:
    found: Json = {
        "type": "object",
        "title": author.label(relation.comment, relation.name),
        "properties": {n: author.column(relation.columns[n], writes=writes) for n in names},
    }
    if required:
        found["required"] = list(required)
    if writes:
        found["additionalProperties"] = False
    return found


def answers(said: str, body: Json, errors: Iterable[str], status: int) -> Json:
    return {str(status): {"description": said, "content": json_content(body)}} | {
        code: {"$ref": f"#/components/responses/{code}"} for code in sorted(errors)
    }


def json_content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def json_body(schema: Json) -> Json:
    return {"required": True, "content": json_content(schema)}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def query(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "schema": schema}


def columns_argument(names: Sequence[str]) -> Json:
    items = {"type": "string", "enum": list(names)}
    return query("cols", {"type": "array", "items": items}) | {"style": "form", "explode": False}
