"""Who may do what, as one readable page: role by table by verb, role by function."""

import itertools
from collections import defaultdict
from typing import Any

import sql
from scripts.manual.words import cell, halves, label_and_rest, page, table
from sql.load import LOGINS, SCHEMAS

VERBS = {"select": "r", "insert": "i", "update": "u", "delete": "d"}
PROGRAMS = ("web", "worker")
LEGEND = """\
役割ごとの権限の一覧です。データベースの許可（GRANT）そのものから作られ、画面、REST、SQL ログインのすべてに効きます。
行の範囲は「範囲」の列が示します。店舗や倉庫が割り当てられた担当者には、その範囲の行だけがあるように見えます。

What each role may do, read from the grants of the database, which bind screens, REST and SQL logins
alike. The column Scope says which rows: to an account with shops or warehouses of its own, other
rows are as if they were not there.

`r` 読む read · `i` 追加 add · `u` 変更 change · `d` 削除 delete · `i*` `u*` 一部の列だけ some columns only (下の表 see below)
"""

PROGRAMS_SAID = """\
`web` `worker`: プログラムのログイン。web はだれかになる前の権限。 Logins of the programs; web as it is
before it acts for somebody.
"""


def rights_page(connection: sql.Connection, prefix: str) -> str:
    """Write the page from the catalogue of a loaded database."""
    roles = sql.rows(connection, "manual_roles", prefix=prefix)
    columns = [(role.code, role.name) for role in roles]
    columns += [(name, prefix + name) for name in LOGINS if name in PROGRAMS]
    given = {"schemas": list(SCHEMAS), "roles": [name for _, name in columns]}
    rights = sql.rows(connection, "manual_rights", **given)
    relations = sql.rows(connection, "manual_relations", schemas=list(SCHEMAS))
    functions = sql.rows(connection, "manual_functions", **given)
    return page(
        "rights",
        "権限 · Rights",
        [
            LEGEND,
            "## 役割 · Roles\n",
            table(
                ("役割 Role", "役目 Purpose"),
                (
                    (f"`{role.code}` {_label(role.label)}", " ".join(halves(role.purpose)))
                    for role in roles
                ),
            ),
            PROGRAMS_SAID,
            "## 表とビュー · Tables and views\n",
            *_relations(relations, rights, columns),
            "## 書ける列 · Columns to write\n",
            _columns(rights, {name: code for code, name in columns}),
            "## 関数 · Functions\n",
            *_functions(functions, columns),
        ],
    )


def _relations(
    relations: list[Any], rights: list[Any], columns: list[tuple[str, str]]
) -> list[str]:
    """One table per schema, a row per relation, a column per role."""
    held: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for right in rights:
        star = "*" if right.columns else ""
        held[right.schema_name, right.name, right.role][right.verb] = VERBS[right.verb] + star
    parts: list[str] = []
    for schema, members in itertools.groupby(relations, key=lambda one: one.schema_name):
        rows = [
            (
                f"`{member.name}` {_label(member.comment)}",
                _scope(member.policy),
                *(
                    "".join(held[schema, member.name, name].get(verb, "") for verb in VERBS) or "–"
                    for _, name in columns
                ),
            )
            for member in members
        ]
        head = ("表 Table", "範囲 Scope", *(code for code, _ in columns))
        parts += [f"### {schema}\n", table(head, rows)]
    return parts


def _columns(rights: list[Any], codes: dict[str, str]) -> str:
    """Name the columns of rights that do not reach the whole table, roles alike in one row."""
    alike: dict[tuple[str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for right in rights:
        if right.columns:
            key = (f"{right.schema_name}.{right.name}", right.verb, tuple(right.columns))
            alike[key].append(codes[right.role])
    order = list(codes.values())
    rows = (
        (
            f"`{name}`",
            VERBS[verb],
            ", ".join(sorted(roles, key=order.index)),
            ", ".join(f"`{column}`" for column in columns),
        )
        for (name, verb, columns), roles in sorted(alike.items())
    )
    return table(("表 Table", "", "役割 Roles", "列 Columns"), rows)


def _functions(functions: list[Any], columns: list[tuple[str, str]]) -> list[str]:
    """A row per function that anybody of these may call."""
    parts: list[str] = []
    for schema, members in itertools.groupby(functions, key=lambda one: one.schema_name):
        rows = [
            (
                f"`{member.name}({cell(member.arguments)})` {_label(member.comment)}",
                *("●" if name in member.roles else "–" for _, name in columns),
            )
            for member in members
            if member.roles
        ]
        if rows:
            head = ("関数 Function", *(code for code, _ in columns))
            parts += [f"### {schema}\n", table(head, rows)]
    return parts


def _label(comment: str | None) -> str:
    """The labels of a comment in both languages."""
    return cell(" · ".join(dict.fromkeys(label_and_rest(half)[0] for half in halves(comment))))


def _scope(policy: str | None) -> str:
    """Say in words which rows a policy leaves."""
    if policy is None:
        return ""
    words = [
        word
        for sign, word in (
            ("shop_ids", "店舗 shop"),
            ("warehouse_ids", "倉庫 warehouse"),
            ("sales.sales_order", "受注 order"),
            ("shipping.shipment ", "出荷 shipment"),
            ("document.issued_document ", "帳票 document"),
        )
        if sign in policy
    ]
    if "outside_warehouse" in policy:
        words.append("外部倉庫は出荷まで until shipped")
    return " + ".join(words) or "全範囲の人 who sees all"
