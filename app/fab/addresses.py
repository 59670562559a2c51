"""Addresses of a relation's pages."""

from typing import Any

from flask import url_for

from app.catalog import Relation


def address(relation: Relation, method: str, **values: Any) -> str:
    """The address of one of a relation's pages: its list, a row, a form."""
    return url_for(f"tables.{method}", schema=relation.schema, table=relation.name, **values)


def lookup_address(target: tuple[str, str]) -> str:
    """Where a reference field asks for the rows of its target (`schema.table`, column)."""
    schema, table = target[0].split(".", 1)
    return url_for("lookup.find", schema=schema, table=table, key=target[1])
