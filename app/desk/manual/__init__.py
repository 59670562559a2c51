"""The manual of the schema: tables, views, functions, rights, errors; live, and as far as one's rights reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, redirect, request, send_from_directory, url_for
from flask_appbuilder import BaseView, expose

from app.api.calls import callable_functions
from app.asking import data, generation, reader, rights, sessions_of
from app.catalog import Relation, Rights, query
from app.desk.manual import finding, howtos
from app.desk.manual.schema import function_said, relation_said
from app.errors import label, side_of
from app.fab.screen import Screens, offered
from app.words import help_of, label_of, language, t, untagged

KINDS = {
    "relation": "表とビュー | Tables and views",
    "column": "列 | Columns",
    "function": "関数 | Functions",
    "error": "エラー | Errors",
    "rule": "断るときの文 | Refusals",
    "howto": "手引き | How-tos",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of staff, and what its grants let it do."""

    code: str
    label: str
    purpose: str
    held: Rights

    def letters(self, full: str) -> str:
        """What the role may do with a relation: r read, i add, u change, d delete."""
        verbs = {"read": "r", "insert": "i", "update": "u", "delete": "d"}
        return "".join(letter for verb, letter in verbs.items() if full in getattr(self.held, verb))


class Manual(BaseView):
    """Everybody reads of what they may see and call."""

    route_base = "/manual"
    default_view = "index"

    @expose("/")
    def index(self) -> Any:
        """The contents, or what was searched for."""
        if reader() is None:
            return _sign_in()
        words = request.args.get("q", "").replace("\x00", "").strip()
        hits = finding.found(_entries(), words)
        held = _held()
        return self._page(
            "index",
            words=words,
            groups=[
                (t(said), [one for one in hits if one.kind == kind])
                for kind, said in KINDS.items()
                if any(one.kind == kind for one in hits)
            ],
            by_area=_areas(held),
            functions=callable_functions(generation().catalog, held),
            howtos=list(howtos.howtos().values()),
        )

    @expose("/<full>")
    def relation(self, full: str) -> Any:
        """One table or view."""
        if reader() is None:
            return _sign_in()
        held, now = _held(), generation()
        relation = now.catalog.relations.get(full)
        if relation is None:
            abort(404)
        if full not in held.read:
            abort(403)
        return self._page(
            "relation",
            said=relation_said(now.catalog, held, _screens(), relation),
            relation=relation,
            roles=_roles(),
            held=held,
            howtos=howtos.about(full),
            list_address=url_for("tables.list", schema=relation.schema, table=relation.name),
        )

    @expose("/function/<full>")
    def function(self, full: str) -> Any:
        """One function."""
        if reader() is None:
            return _sign_in()
        held, now = _held(), generation()
        function = now.catalog.functions.get(full)
        if function is None:
            abort(404)
        if full not in held.execute:
            abort(403)
        said = function_said(now.catalog, _screens(), function)
        return self._page(
            "function",
            said=said,
            function=function,
            screens=[one for one in said.screens if one.full in held.read],
            roles=[role for role in _roles() if full in role.held.execute],
            howtos=howtos.about(full),
        )

    @expose("/errors")
    def errors(self) -> Any:
        """Our codes, and the sentence of every rule."""
        if reader() is None:
            return _sign_in()
        held = _held()
        rules = [
            (relation, found)
            for relation in _readable(held)
            if (found := relation_said(generation().catalog, held, _screens(), relation).rules)
        ]
        return self._page("errors", codes=_codes(), rules=rules)

    @expose("/roles")
    def roles(self) -> Any:
        """Who may do what, of that which the reader may see and call."""
        if reader() is None:
            return _sign_in()
        held = _held()
        return self._page(
            "roles",
            roles=_roles(),
            by_area=_areas(held),
            functions=callable_functions(generation().catalog, held),
        )

    @expose("/api")
    def api(self) -> Any:
        """The resources by REST, and how to get a token."""
        if reader() is None:
            return _sign_in()
        held = _held()
        return self._page(
            "api",
            held=held,
            by_area=_areas(held),
            functions=callable_functions(generation().catalog, held),
            actions=lambda one: offered(_screens().of(one).actions, generation().catalog, held),
            host=request.host_url.rstrip("/"),
        )

    @expose("/pictures/<name>")
    def picture(self, name: str) -> Any:
        """A picture of a screen, as the how-tos show it."""
        if reader() is None:
            return _sign_in()
        return send_from_directory(howtos.PICTURES, name)

    @expose("/howto/<name>")
    def howto(self, name: str) -> Any:
        """One how-to."""
        if reader() is None:
            return _sign_in()
        if name not in howtos.howtos():
            abort(404)
        howto = howtos.howtos()[name]
        return self._page("howto", howto=howto, text=howtos.html_of(howto.text))

    def _page(self, name: str, **words: Any) -> str:
        return self.render_template(
            f"daicho/manual/{name}.html",
            label=label,
            label_of=_label,
            help_of=_help,
            area_label=_area,
            say=lambda comment: side_of(untagged(comment or "")),
            value_label=_value,
            **words,
        )


def _sign_in() -> Any:
    return redirect(url_for("SignIn.login", next=request.full_path.rstrip("?")))


def _held() -> Rights:
    held = rights()
    if held is None:
        abort(401)
    return held


def _screens() -> Screens:
    return current_app.extensions["screens"]


def _label(one: Any) -> str:
    """The label of a relation or function."""
    return label_of(one.comment, one.name, language())


def _help(one: Any) -> str:
    """What the comment of a relation, column or function says after its label."""
    return help_of(one.comment, language())


def _area(schema: str) -> str:
    comment = _screens().areas.get(schema) or generation().catalog.schemas.get(schema)
    return label_of(comment, schema, language())


def _value(column: Any, value: str) -> str:
    said = _screens().value_label(column.name, value)
    return side_of(said) if said else ""


def _readable(held: Rights) -> list[Relation]:
    known = generation().catalog.relations
    order = [*_screens().areas, *generation().catalog.schemas]
    return sorted(
        (relation for full, relation in known.items() if full in held.read),
        key=lambda one: (order.index(one.schema), one.name),
    )


def _areas(held: Rights) -> list[tuple[str, list[Relation]]]:
    return [
        (schema, list(found)) for schema, found in groupby(_readable(held), key=lambda o: o.schema)
    ]


def _roles() -> list[Role]:
    """Every role of staff; which there are is no secret, what they hold is read once in a generation."""
    now, prefix = generation(), current_app.config["ROLE_PREFIX"]
    rows = sessions_of().plain().execute(sa.text(query("manual_roles")), {"prefix": prefix}).all()
    return [
        Role(
            code=row.staff_role,
            label=side_of(row.label),
            purpose=side_of(row.purpose),
            held=now.rights(prefix + row.staff_role),
        )
        for row in rows
    ]


def _codes() -> Sequence[Any]:
    return data().execute(sa.text(query("manual_errors"))).all()


def _entries() -> Sequence[finding.Entry]:
    """All that the reader's manual says, put in order once for their role and language."""
    held, now = _held(), generation()
    return now.once(("manual", held.role, language()), lambda: _said(held))


def _said(held: Rights) -> list[finding.Entry]:
    found: list[finding.Entry] = []
    catalog = generation().catalog
    for relation in _readable(held):
        here = url_for("Manual.relation", full=relation.full)
        name = _label(relation)
        found.append(finding.entry("relation", name, relation.full, _help(relation), here))
        said = relation_said(catalog, held, _screens(), relation)
        for one in said.columns:
            column = one.column
            found.append(
                finding.entry(
                    "column",
                    f"{label(column)} — {name}",
                    f"{relation.full}.{column.name}",
                    " ".join((_help(column), *column.choices)),
                    f"{here}#{column.name}",
                )
            )
        for rule in said.rules:
            sentence = side_of(untagged(rule.comment or ""))
            found.append(finding.entry("rule", sentence, rule.name, name, f"{here}#{rule.name}"))
    for function in callable_functions(catalog, held):
        here = url_for("Manual.function", full=function.full)
        found.append(
            finding.entry("function", _label(function), function.full, _help(function), here)
        )
    errors = url_for("Manual.errors")
    found += [
        finding.entry("error", side_of(row.label), row.sqlstate, "", f"{errors}#{row.sqlstate}")
        for row in _codes()
    ]
    found += [
        finding.entry(
            "howto", one.title, one.name, one.text, url_for("Manual.howto", name=one.name)
        )
        for one in howtos.howtos().values()
    ]
    return found
