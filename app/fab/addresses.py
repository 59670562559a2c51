"""Addresses of a relation's pages."""

import re
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, request, url_for

from app.catalog import Relation

_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def address(relation: Relation, method: str, **values: Any) -> str:
    """The address of one of a relation's pages: its list, a row, a form.

    A list has hundreds of them: they are put together here, as the rule says, and not asked for one by one.
    """
    given = {"schema": relation.schema, "table": relation.name, **values}
    path = request.script_root
    for place, part in enumerate(_rule(f"tables.{method}")):
        # Keys may hold slashes, as the rule of a row's page allows
        path += part if place % 2 == 0 else quote(str(given.pop(part)), safe="/:,+@")
    rest = [(name, value) for name, value in given.items() if value is not None]
    return f"{path}?{urlencode(rest)}" if rest else path


def _rule(endpoint: str) -> list[str]:
    """The rule of an endpoint in parts: texts and, between them, the names of its arguments."""
    kept: dict[str, list[str]] = current_app.extensions.setdefault("address_rules", {})
    if endpoint not in kept:
        (rule, *_) = current_app.url_map.iter_rules(endpoint)
        kept[endpoint] = _PART.split(rule.rule)
    return kept[endpoint]


def lookup_address(target: tuple[str, str]) -> str:
    """Where a reference field asks for the rows of its target (`schema.table`, column)."""
    schema, table = target[0].split(".", 1)
    return url_for("lookup.find", schema=schema, table=table, key=target[1])
