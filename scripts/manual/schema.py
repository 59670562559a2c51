"""The manual of the schema: every table, column, view, function and error, from their comments."""

from collections import defaultdict
from typing import Any

import sql
from scripts.manual.words import both, cell, halves, label_and_rest, page, table
from sql.load import SCHEMAS

INTRODUCTION = """\
データベースのすべての表、列、ビュー、関数、エラーの一覧です。外部の集計は `report` のビューを読んでください。
そこだけが変わらないと約束されています（列は末尾に増えるだけです）。

Every table, column, view, function and error of the database. Reports from outside should read the
views of `report`: they alone are promised to stay (columns are added at their end).

`*` 必須 required · 🔑 主キー key · 👤 個人情報 personal data
"""


def schema_page(connection: sql.Connection, prefix: str) -> str:
    """Write the page from the catalogue of a loaded database."""
    schemas = list(SCHEMAS)
    relations = _by(sql.rows(connection, "manual_relations", schemas=schemas), "schema_name")
    columns = _by(
        sql.rows(connection, "manual_columns", schemas=schemas), "schema_name", "relation"
    )
    constraints = _by(
        sql.rows(connection, "manual_constraints", schemas=schemas), "schema_name", "relation"
    )
    functions = _by(
        sql.rows(connection, "manual_functions", schemas=schemas, roles=[prefix + "owner"]),
        "schema_name",
    )
    parts = [INTRODUCTION]
    for schema in sql.rows(connection, "manual_schemas", schemas=schemas):
        japanese, english = halves(schema.comment)
        parts += [f"## {schema.name}\n", f"{japanese}<br>{english}\n"]
        for relation in relations[schema.name,]:
            key = (schema.name, relation.name)
            parts += _relation(relation, columns[key], constraints[key])
        parts += _functions(functions[schema.name,])
    errors = sql.rows(connection, "manual_errors")
    parts += [
        "## エラー · Errors\n",
        table(
            ("SQLSTATE", "意味 Meaning"),
            ((f"`{one.sqlstate}`", "<br>".join(halves(one.label))) for one in errors),
        ),
    ]
    return page("schema", "データベース · The database", parts)


def _by(rows: list[Any], *names: str) -> dict[tuple[str, ...], list[Any]]:
    """Group rows by some of their values."""
    found: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in rows:
        found[tuple(getattr(row, name) for name in names)].append(row)
    return found


def _relation(
    relation: Any,  # noqa: ANN401 - a row
    columns: list[Any],
    constraints: list[Any],
) -> list[str]:
    """One table or view: what it is, its columns, what it refuses."""
    labels, rests = zip(*(label_and_rest(half) for half in halves(relation.comment)), strict=True)
    kind = "ビュー view" if relation.is_view else "表 table"
    name = f"{relation.schema_name}.{relation.name}"
    rows = (
        (
            f"`{column.name}`" + "*" * column.is_required + " 🔑" * column.is_key,
            f"`{column.type}`" + (f" → `{column.refers_to}`" if column.refers_to else ""),
            both(column.comment) + (" 👤" if "@pii" in (column.comment or "") else ""),
        )
        for column in columns
    )
    refusals = (
        (f"`{constraint.name}`", "<br>".join(cell(half) for half in halves(constraint.comment)))
        for constraint in constraints
    )
    return [
        f"### `{name}` {' · '.join(dict.fromkeys(labels))} ({kind})\n",
        *(f"{rest}\n" for rest in dict.fromkeys(rests) if rest),
        table(("列 Column", "型 Type", "意味 Meaning"), rows),
        table(("決まり Rule", "断るときの文 Message"), refusals),
    ]


def _functions(functions: list[Any]) -> list[str]:
    """The functions of a schema, without those that only triggers run."""
    rows = [
        (
            f"`{one.name}({cell(one.arguments)})`<br>→ `{cell(one.result)}`",
            both(one.comment),
        )
        for one in functions
        if not one.is_trigger
    ]
    return [table(("関数 Function", "意味 Meaning"), rows)]
