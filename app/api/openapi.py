"""The OpenAPI document of what one set of rights may do, from the catalogue alone: a pure function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.api import refused
from app.api.calls import callable_functions
from app.api.shapes import (
    Author,
    Json,
    answers,
    columns_argument,
    json_body,
    query,
    ref,
    row_schema,
    typed,
)
from app.api.texts import ARGUMENTS, INTRODUCTION, RESPONSES
from app.catalog import Argument, Catalog, Column, Function, Relation, Rights
from app.fab.conditions import RANGED, SEARCHABLE
from app.fab.screen import Screens, offered, writable

BASE = "/api/v1"
_READ_ERRORS = ("400", "401", "403", "404", "429", "503")
_WRITE_ERRORS = (*_READ_ERRORS, "409", "413", "415", "422")


def document(catalog: Catalog, held: Rights, screens: Screens, language: str) -> Json:
    """Describe every resource, action and function of these rights, in one language."""
    author = Author(language=language, screens=screens)
    paths: Json = {}
    schemas: Json = {}
    readable = [one for full, one in sorted(catalog.relations.items()) if full in held.read]
    for relation in readable:
        resource = _Resource(author=author, catalog=catalog, held=held, relation=relation)
        schemas |= resource.schemas()
        paths |= resource.paths(offered(screens.of(relation).actions, catalog, held))
    functions = callable_functions(catalog, held)
    for function in functions:
        call = _call(author, catalog, function, function.arguments, "call")
        paths[f"{BASE}/call/{function.full}"] = {"post": call}
    areas = dict.fromkeys(one.schema for one in (*readable, *functions))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Daicho", "version": "v1", "description": author.t(INTRODUCTION)},
        "security": [{"token": []}],
        "tags": [
            *(
                {"name": area, "description": _area(author, catalog, screens, area)}
                for area in areas
            ),
            {"name": "security", "description": author.t("入口と検索 | Entry and search")},
        ],
        "paths": paths | _entry(author),
        "components": {
            "securitySchemes": {"token": _token(author)},
            "parameters": _parameters(author),
            "responses": _responses(author),
            "schemas": schemas | _REFUSALS,
        },
    }


def of_one(whole: Json, full: str) -> Json:
    """The part of a document that is about one relation."""
    begin = f"{BASE}/{full.replace('.', '/')}/"
    paths = {path: said for path, said in whole["paths"].items() if path.startswith(begin)}
    kept = {full, f"{full}.new", f"{full}.change", *_REFUSALS}
    schemas = {k: said for k, said in whole["components"]["schemas"].items() if k in kept}
    return {**whole, "paths": paths, "components": whole["components"] | {"schemas": schemas}}


def _area(author: Author, catalog: Catalog, screens: Screens, area: str) -> str:
    return author.label(screens.areas.get(area) or catalog.schemas.get(area), area)


def _is_required(column: Column) -> bool:
    return not column.nullable and not column.has_default


def _key(author: Author, relation: Relation) -> Json:
    several = author.t("鍵の値の JSON の一覧: | A JSON list of the key's values:")
    said = ", ".join(relation.key)
    return {
        "name": "pk",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "description": said if len(relation.key) == 1 else f"{several} [{said}]",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resource:
    """One relation: its documents and operations."""

    author: Author
    catalog: Catalog
    held: Rights
    relation: Relation

    @property
    def names(self) -> list[str]:
        read = self.held.read[self.relation.full]
        return [name for name in self.relation.columns if name in read]

    @property
    def add(self) -> list[str]:
        return writable(self.relation, self.held.insert.get(self.relation.full, frozenset()))

    @property
    def change(self) -> list[str]:
        granted = self.held.update.get(self.relation.full, frozenset())
        return [name for name in writable(self.relation, granted) if name in self.names]

    def schemas(self) -> Json:
        full, relation = self.relation.full, self.relation
        found = {full: row_schema(relation, self.names, self.author)}
        if add := self.add:
            required = [n for n in add if _is_required(relation.columns[n])]
            found[f"{full}.new"] = row_schema(
                relation, add, self.author, writes=True, required=required
            )
        if change := self.change:
            seen = [*change, *(["version"] if "version" in self.names else [])]
            found[f"{full}.change"] = row_schema(relation, seen, self.author, writes=True)
        return found

    def paths(self, functions: Sequence[Function]) -> Json:
        full, relation = self.relation.full, self.relation
        base = f"{BASE}/{full.replace('.', '/')}"
        rows = {"get": self.listed(self.names)}
        if self.add:
            rows["post"] = self.written("add", f"{full}.new", 201)
        found: Json = {f"{base}/": rows, f"{base}/_info": {"get": self.told()}}
        if not relation.key or not set(relation.key) <= set(self.names):
            return found
        key = _key(self.author, relation)
        one: Json = {"parameters": [key], "get": self.one(self.names)}
        if self.change:
            one["put"] = self.written("change", f"{full}.change", 200)
        if full in self.held.delete:
            one["delete"] = self.deleted()
        found[f"{base}/{{pk}}"] = one
        for function in functions:
            rest = function.arguments[1:]
            call = _call(self.author, self.catalog, function, rest, f"{full}.act")
            found[f"{base}/{{pk}}/act/{function.full}"] = {"parameters": [key], "post": call}
        return found

    def listed(self, names: Sequence[str]) -> Json:
        columns = [self.relation.columns[name] for name in names]
        search = [column for column in columns if column.kind in SEARCHABLE]
        sort = [column.name for column in search]
        parameters = [{"$ref": f"#/components/parameters/{name}"} for name in ARGUMENTS]
        if sort:
            parameters.append(query("sort", {"type": "string", "enum": sort}))
        parameters.append(columns_argument(names))
        for column in search:
            # A day, a range's end or "@today" is no value of the column itself
            kind = column.kind if column.kind not in RANGED else "text"
            schema = self.author.column(replace(column, kind=kind, nullable=False))
            parameters.append(query(f"f.{column.name}", {"type": "array", "items": schema}))
        page = {
            "type": "object",
            "required": ["result", "before", "after"],
            "properties": {
                "result": {"type": "array", "items": ref(self.relation.full)},
                "ids": {"type": "array", "items": {"type": "string"}},
                "count": {"type": "integer", "maximum": 10_000},
                "count_is_limited": {"type": "boolean"},
                "before": {"type": ["string", "null"]},
                "after": {"type": ["string", "null"]},
                "labels": _LABELS,
            },
        }
        said = self.author.t("一覧 | List")
        return self._operation("list", said, page, _READ_ERRORS) | {"parameters": parameters}

    def told(self) -> Json:
        said = self.author.t("列と、できること | Columns and what may be done")
        return self._operation("info", said, {"type": "object"}, _READ_ERRORS)

    def one(self, names: Sequence[str]) -> Json:
        body = {
            "type": "object",
            "required": ["id", "result"],
            "properties": {
                "id": {"type": "string"},
                "result": ref(self.relation.full),
                "labels": _LABELS,
            },
        }
        found = self._operation("get", self.author.t("一行 | One row"), body, _READ_ERRORS)
        found["responses"]["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}}
        labels = {"$ref": "#/components/parameters/labels"}
        return found | {"parameters": [labels, columns_argument(names)]}

    def written(self, verb: str, schema: str, status: int) -> Json:
        said = {"add": "登録 | Add", "change": "変更 | Change"}[verb]
        body = {
            "type": "object",
            "required": ["result"],
            "properties": {
                "id": {"type": ["string", "null"]},
                "result": {"oneOf": [ref(self.relation.full), {"type": "null"}]},
            },
        }
        found = self._operation(verb, self.author.t(said), body, _WRITE_ERRORS, status)
        found["requestBody"] = json_body(ref(schema))
        if verb == "change":
            found["parameters"] = [{"$ref": "#/components/parameters/if_match"}]
        return found

    def deleted(self) -> Json:
        found = self._operation("delete", self.author.t("削除 | Delete"), _SAID, _WRITE_ERRORS)
        return found | {"parameters": [{"$ref": "#/components/parameters/if_match"}]}

    def _operation(
        self, verb: str, said: str, body: Json, errors: Iterable[str], status: int = 200
    ) -> Json:
        label = self.author.label(self.relation.comment, self.relation.name)
        found = {
            "operationId": f"{self.relation.full}.{verb}",
            "tags": [self.relation.schema],
            "summary": f"{label}: {said}",
            "responses": answers(said, body, errors, status),
        }
        if verb == "list" and (text := self.author.help(self.relation.comment)):
            found["description"] = text
        return found


_REFUSALS: Json = {
    "refusal": {
        "type": "object",
        "required": ["message"],
        "properties": {"message": {"type": "string"}, "number": {"type": "string"}},
    },
    "refusal.fields": {
        "type": "object",
        "required": ["message"],
        "properties": {
            "message": {
                "oneOf": [
                    {"type": "string"},
                    {
                        "type": "object",
                        "additionalProperties": {"type": "array", "items": {"type": "string"}},
                    },
                ]
            }
        },
    },
}
_LABELS: Json = {
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
}
_SAID: Json = {
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}


def _call(
    author: Author,
    catalog: Catalog,
    function: Function,
    arguments: Sequence[Argument],
    where: str,
) -> Json:
    """The call of a function, on a row or by its name alone."""
    said = author.label(function.comment, function.name)
    required = [argument.name for argument in arguments if not argument.has_default]
    given: Json = {
        "type": "object",
        "properties": {
            argument.name: author.argument(catalog, function, argument) for argument in arguments
        },
        "additionalProperties": False,
    }
    if required:
        given["required"] = required
    columns = {one.name: typed(one.kind, nullable=True) for one in function.results}
    row: Json = {"type": "object", "properties": columns} if columns else {"type": "object"}
    body = {
        "type": "object",
        "required": ["result", "is_limited", "message"],
        "properties": {
            "result": {"type": "array", "items": row},
            "is_limited": {"type": "boolean"},
            "message": {"type": "string"},
        },
    }
    found: Json = {
        "operationId": f"{where}.{function.full}",
        "tags": [function.schema],
        "summary": said,
        "requestBody": json_body(given),
        "responses": answers(said, body, _WRITE_ERRORS, 200),
    }
    if text := author.help(function.comment):
        found["description"] = text
    return found


def _token(author: Author) -> Json:
    said = (
        "画面で作る API トークンか、/security/login が返すトークン。 | "
        "An API token made on the screens, or the token that /security/login answers with."
    )
    return {"type": "http", "scheme": "bearer", "description": author.t(said)}


def _parameters(author: Author) -> Json:
    found = {
        name: query(name, schema) | {"description": author.t(said)}
        for name, (said, schema) in ARGUMENTS.items()
    }
    found["if_match"] = {
        "name": "If-Match",
        "in": "header",
        "schema": {"type": "string"},
        "description": author.t(
            "読んだときの ETag。ほかの人が変えていれば 409 で断ります。 | "
            "The ETag of the row as it was read; answered with 409 when somebody else changed it since."
        ),
    }
    return found


def _responses(author: Author) -> Json:
    found: Json = {
        code: {
            "description": author.t(said),
            "content": {
                "application/json": {
                    "schema": ref("refusal"),
                    "example": {"message": author.t(sentence)},
                }
            },
        }
        for code, (said, sentence) in RESPONSES.items()
    }
    found["422"] = {
        "description": author.t("項目ごとの断り | Refused, field by field"),
        "content": {
            "application/json": {
                "schema": ref("refusal.fields"),
                "example": {"message": {"product_name": [author.t(refused.REQUIRED)]}},
            }
        },
    }
    return found


def _entry(author: Author) -> Json:
    """Where a token comes from, and this document itself."""
    texts = {"type": "string"}
    login = {
        "type": "object",
        "required": ["username", "password", "provider"],
        "properties": {
            "username": texts,
            "password": texts | {"format": "password"},
            "provider": {"type": "string", "enum": ["db"]},
            "refresh": {"type": "boolean"},
        },
    }
    token = {
        "type": "object",
        "required": ["access_token"],
        "properties": {"access_token": texts, "refresh_token": texts},
    }
    asked = author.t("トークンを取る | Fetch a token")
    again = author.t("トークンを取り直す | Renew a token")
    this = author.t("この文書 | This document")
    everything = author.t("すべてを検索 | Search everything")
    row = dict.fromkeys(("kind", "title", "detail", "resource"), texts)
    hits = {
        "type": "object",
        "required": ["result"],
        "properties": {
            "result": {
                "type": "array",
                "items": {"type": "object", "properties": row | {"rank": {"type": "integer"}}},
            }
        },
    }
    return {
        f"{BASE}/find": {
            "get": {
                "operationId": "find",
                "tags": ["security"],
                "summary": everything,
                "parameters": [
                    query("q", {"type": "string", "minLength": 2, "maxLength": 200})
                    | {"required": True}
                ],
                "responses": answers(everything, hits, ("400", "401", "429", "503"), 200),
            }
        },
        f"{BASE}/security/login": {
            "post": {
                "operationId": "security.login",
                "tags": ["security"],
                "summary": asked,
                "security": [],
                "requestBody": json_body(login),
                "responses": answers(asked, token, ("400", "401", "429"), 200),
            }
        },
        f"{BASE}/security/refresh": {
            "post": {
                "operationId": "security.refresh",
                "tags": ["security"],
                "summary": again,
                "responses": answers(again, token, ("401", "429"), 200),
            }
        },
        f"{BASE}/_openapi": {
            "get": {
                "operationId": "openapi",
                "tags": ["security"],
                "summary": this,
                "parameters": [query("table", {"type": "string"})],
                "responses": answers(this, {"type": "object"}, ("401", "404"), 200),
            }
        },
    }
