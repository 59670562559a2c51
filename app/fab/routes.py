"""One blueprint for all relations; the view of one is made on its first use."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, current_app, jsonify, redirect, request, url_for
from flask_appbuilder.base import AppBuilder
from flask_appbuilder.filters import TemplateFilters
from flask_appbuilder.menu import Menu, MenuItem
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from app.asking import data, generation, generations, may, reader, rights, role_of
from app.catalog import Relation, Rights
from app.fab.labels import lookup
from app.fab.screen import Screens
from app.fab.view import TableView, table_view
from app.words import label_of, language

Build = Callable[[Relation, Screens, frozenset[str]], type]


def made(kind: str, full: str, build: Build, prefix: str = "") -> Any:
    """The view ("view") or resource ("api") of a relation for the reader's role, or None."""
    who, now = reader(), generation()
    relation = now.catalog.relations.get(full)
    if relation is None or who is None:
        return None
    columns = now.rights(role_of(who)).read.get(full)
    if columns is None:
        return None

    def make() -> Any:
        view: Any = build(relation, current_app.extensions["screens"], columns)()
        view.appbuilder = current_app.extensions["appbuilder"]
        view.endpoint = relation.full
        view.route_base = f"{prefix}/{relation.full.replace('.', '/')}"
        return view

    return now.once((kind, full, who.staff_role), make)


def relation_blueprint(name: str, prefix: str, kind: str, cls: Any, build: Build) -> Blueprint:
    """One blueprint that serves the routes of `cls` for every relation."""
    blueprint = Blueprint(name, __name__, url_prefix=f"{prefix}/<schema>/<table>")
    for method in sorted(cls.include_route_methods or ()):
        for url, methods in getattr(cls, method)._urls:  # noqa: SLF001 - where its `expose` keeps them
            handler = _handler(kind, method, build, prefix)
            blueprint.add_url_rule(url, method, handler, methods=methods)
    return blueprint


def _handler(kind: str, method: str, build: Build, prefix: str) -> Callable[..., Any]:
    def call(schema: str, table: str, **arguments: Any) -> Any:
        if reader() is None:
            return _sign_in(kind)
        full = f"{schema}.{table}"
        view = made(kind, full, build, prefix)
        if view is None and generations().newer():
            view = made(kind, full, build, prefix)
        if view is None:
            abort(403 if full in generation().catalog.relations else 404)
        return getattr(view, method)(**arguments)

    def answer(**arguments: Any) -> Any:
        """Once more on the new generation, when a column went away under a reader."""
        try:
            return call(**arguments)
        except DBAPIError:
            if request.method != "GET" or not generations().newer():
                raise
        data().rollback()
        return call(**arguments)

    return answer


def _sign_in(kind: str) -> Response:
    if kind == "api":
        abort(401)
    return redirect(url_for("SignIn.login", next=request.full_path.rstrip("?")))


def lookup_blueprint() -> Blueprint:
    """`/lookup/<schema>/<table>?q=`: the few rows that fit, for reference fields."""
    blueprint = Blueprint("lookup", __name__)

    @blueprint.get("/lookup/<schema>/<table>")
    def find(schema: str, table: str) -> Any:
        full = f"{schema}.{table}"
        if reader() is None:
            abort(401)
        relation = generation().catalog.relations.get(full)
        if relation is None:
            abort(404)
        if not may("read", full):
            abort(403)
        key = request.args.get("key") or next(iter(relation.key), "")
        words = request.args.get("q", "").strip()[:200]
        if key not in relation.columns or "\x00" in words:
            abort(404)
        rows = lookup(relation, words, key)
        return jsonify(result=[{"key": row_key, "label": said} for row_key, said in rows])

    return blueprint


def relation_url(_error: Exception, endpoint: str, arguments: dict[str, Any]) -> str | None:
    """Addresses as Flask-AppBuilder asks for them: `url_for("catalog.product.show", pk=1)`."""
    full, _, method = endpoint.rpartition(".")
    if full not in generation().catalog.relations:
        return None
    schema, table = full.split(".", 1)
    return url_for(f"tables.{method}", schema=schema, table=table, **arguments)


class GrantMenu(Menu):
    """The menu by area: what the reader's grants let them read."""

    def get_list(self) -> list[MenuItem]:
        held, now = rights(), generation()
        if held is None:
            return []
        key = ("menu", held.role, language(), request.script_root)
        return now.once(key, lambda: self._areas(held))

    def _areas(self, held: Rights) -> list[MenuItem]:
        found, now = [], generation()
        screens: Screens = current_app.extensions["screens"]
        known = now.catalog.schemas
        for schema in [
            *(name for name in screens.areas if name in known),
            *(n for n in known if n not in screens.areas),
        ]:
            comment = known[schema] or screens.areas.get(schema)
            # What has a screen of its own is what people work with; the rest follows by name
            places = {full: place for place, full in enumerate(screens.by_relation)}
            relations = sorted(
                (
                    r
                    for r in now.catalog.relations.values()
                    if r.schema == schema and r.full in held.read
                ),
                key=lambda r: (places.get(r.full, len(places)), r.name),
            )
            if not relations:
                continue
            area = MenuItem(schema, label=label_of(comment, schema, language()))
            area.childs = [
                MenuItem(
                    relation.full,
                    href=url_for("tables.list", schema=schema, table=relation.name),
                    label=label_of(relation.comment, relation.name, language()),
                )
                for relation in relations
            ]
            found.append(area)
        return found

    def get_flat_name_list(self, menu: Any = None, result: Any = None) -> list[str]:
        areas = self.get_list()
        return [area.name for area in areas] + [item.name for area in areas for item in area.childs]

    def get_data(self, menu: Any = None) -> list[dict[str, Any]]:
        return [
            {
                "name": area.name,
                "label": area.label,
                "icon": "",
                "childs": [
                    {"name": item.name, "label": item.label, "icon": "", "url": item.href}
                    for item in area.childs
                ],
            }
            for area in self.get_list()
        ]


class RelationFilters(TemplateFilters):
    """Template filters that know views which are not registered."""

    @staticmethod
    def find_views_by_name(view_name: str) -> Any:
        return made("view", view_name, table_view) or TemplateFilters.find_views_by_name(view_name)


class GrantAppBuilder(AppBuilder):
    """Flask-AppBuilder over relations that are served on demand."""

    def _add_global_filters(self) -> None:
        self.template_filters = RelationFilters(current_app, self.sm)


def register(app: Any, screens: Screens) -> None:
    """Serve every relation of the catalogue."""
    app.extensions["screens"] = screens
    app.register_blueprint(lookup_blueprint())
    app.register_blueprint(relation_blueprint("tables", "", "view", TableView, table_view))
    app.url_build_error_handlers.append(relation_url)
