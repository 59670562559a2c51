"""How tests make own columns and tables: by the functions that the page calls."""

from typing import Any

import sql

ADD = ("table", "code", "kind", "label_ja", "label_en", "help_ja", "help_en", "choices", "reference", "is_required", "default", "readers", "writers")  # fmt: skip


def add(owner: Any, table: str = "catalog.sku", **given: Any) -> int:
    said = {
        "code": None, "kind": "text", "label_ja": "季節", "label_en": "Season", "help_ja": None, "help_en": None, "choices": None,
        "reference": None, "is_required": False, "default": None, "readers": None, "writers": ["merchandiser"],
    } | given  # fmt: skip
    unknown = set(said) - set(ADD)
    assert not unknown
    return sql.value(
        owner, "staff.own_column_add", *((said | {"table": table})[name] for name in ADD)
    )


def change(owner: Any, number: int, **given: Any) -> None:
    row = owner.execute(
        "select * from staff.own_column where own_column_id = %s", [number]
    ).fetchone()
    said = {
        "version": row.version, "label_ja": "季節", "label_en": "Season", "help_ja": None, "help_en": None,
        "choices": row.choices, "default": row.default_text, "readers": row.readers, "writers": row.writers,
    } | given  # fmt: skip
    names = ("version", "label_ja", "label_en", "help_ja", "help_en", "choices", "default", "readers", "writers")  # fmt: skip
    sql.call(owner, "staff.own_column_change", number, *(said[name] for name in names))


def add_table(owner: Any, code: str = "visit", **given: Any) -> int:
    said = {
        "code": code, "label_ja": "来店", "label_en": "Visit", "help_ja": None, "help_en": None,
        "readers": ["order_desk", "support"], "writers": ["order_desk"],
    } | given  # fmt: skip
    return sql.value(owner, "staff.own_table_add", *said.values())


def sees(admin: Any, role: str, table: str, column: str, verb: str = "select") -> bool:
    return admin.execute(
        "select has_column_privilege('daicho_' || %s, %s, %s, %s)", [role, table, column, verb]
    ).fetchone()[0]


def columns_of(admin: Any, view: str) -> list[str]:
    return [
        row.attname
        for row in admin.execute(
            "select attname from pg_attribute where attrelid = to_regclass(%s) and attnum > 0 order by attnum",
            [view],
        ).fetchall()
    ]
