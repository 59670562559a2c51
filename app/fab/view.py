"""List, show, add, edit, delete and actions of one relation, for readers with one set of rights."""

from __future__ import annotations  # `list` is also a method here

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, request
from flask_appbuilder import ModelView, expose, has_access
from flask_appbuilder.models.filters import Filters
from flask_appbuilder.security.decorators import permission_name
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from app.asking import data, generation, may, reader, rights, zone
from app.catalog import Column, Relation
from app.errors import CHANGED_MEANWHILE, GONE, Refusal, label, refusal, side_of
from app.fab import actions, values
from app.fab.addresses import address, lookup_address
from app.fab.cells import cells
from app.fab.children import children, links
from app.fab.forms import ColumnForms
from app.fab.interface import (
    COUNT_MAX,
    FilterRefused,
    Interface,
    key_text,
    search_columns,
    searched,
)
from app.fab.labels import Labels, options, title
from app.fab.screen import Screen, Screens, list_columns, offered, writable
from app.fab.seen import seen_mark
from app.words import help_of, label_of, language, t

PAGE_SIZES = (25, 50, 100, 200)
Answer = str | Response | tuple[str, int]


class TableView(ModelView):
    """The screens of one relation. Class attributes come from `table_view`; nothing is kept between requests."""

    relation: Relation
    screens: Screens
    screen: Screen
    datamodel: Interface
    list_columns: Sequence[str]
    search_columns: Sequence[str]
    order_columns: Sequence[str]
    base_order: tuple[str, str] | None
    include_route_methods = {"list", "show", "add", "edit", "delete", "act"}  # noqa: RUF012
    page_size = PAGE_SIZES[1]

    # ---- what Flask-AppBuilder shares between requests is per request here
    @property
    def _filters(self) -> Filters:
        return self.datamodel.get_filters(self.search_columns)

    @_filters.setter
    def _filters(self, value: Filters) -> None:
        """Flask-AppBuilder would keep one object for all requests (its issue 2366)."""

    def _init_forms(self) -> None:
        forms = ColumnForms(self.datamodel)
        self.search_form = self.search_form or forms.create_form()
        self.add_form = forms.create_form(inc_columns=self.add_columns)
        self.edit_form = forms.create_form(inc_columns=self.edit_columns)

    # ---- list
    @expose("/list/")
    @has_access
    def list(self) -> Answer:
        page, size = _number("page", 0, 10_000), _number("size", self.page_size, PAGE_SIZES[-1])
        column, direction = self._order()
        filters, said = self._conditions()
        wanted = self.list_columns
        try:
            query = filters.apply_all(self._query(wanted))
            if words := request.args.get("q", "").strip():
                query = searched(query, self.datamodel, search_columns(self.datamodel), words)
            count = self.datamodel.count(query)
            rows = self.datamodel.page(query, column, direction, page, size)
        except FilterRefused as error:
            flash(t("条件を読めません。 | A condition cannot be read. ") + str(error), "danger")
            count, rows = 0, []
        except DataError:
            data().rollback()
            flash(t("条件の値が大きすぎます。 | The value of a condition is too large."), "danger")
            count, rows = 0, []
        labels = Labels()
        labels.learn(
            (self.relation, name, [getattr(row, name) for row in rows])
            for name in wanted
            if name in self.relation.references
        )
        choices = options(
            self.relation, [n for n in self.search_columns if n in self.relation.references]
        )
        return self.render_template(
            "daicho/list.html",
            **self.words(),
            rows=[
                (self.datamodel.key_text(row) if self.datamodel.key else None, row) for row in rows
            ],
            columns=[self.relation.columns[name] for name in wanted],
            cell=cells(self.screens, self.relation, labels),
            conditions=said,
            choices=choices,
            search=[self.relation.columns[name] for name in self.search_columns],
            count=count,
            count_max=COUNT_MAX,
            page=page,
            size=size,
            sizes=PAGE_SIZES,
            sort=column,
            direction=direction,
            has_next=count > (page + 1) * size,
            actions=self._functions(self.screen.actions),
            create_actions=self._functions(self.screen.create_actions),
            may_add=bool(self.add_columns) and may("insert", self.relation.full),
            link=self.link,
        )

    def _query(self, names: Iterable[str]) -> Any:
        wanted = dict.fromkeys((*self.datamodel.key, *names))
        return data().query(*(getattr(self.datamodel.obj, name) for name in wanted))

    def _order(self) -> tuple[str, str]:
        column, direction = request.args.get("sort", ""), request.args.get("dir", "asc")
        if column in self.order_columns and direction in ("asc", "desc"):
            return column, direction
        return self.base_order or ("", "asc")

    def _conditions(self) -> tuple[Filters, dict[str, str]]:
        """The conditions in the address (`f.<column>` and `.from`, `.to`), and their texts."""
        filters, said = self._filters, {}
        for name, text in request.args.items():
            column, _, part = name.removeprefix("f.").partition(".")
            if not name.startswith("f.") or column not in self.search_columns or not text.strip():
                continue
            arg = {"from": "ge", "to": "le", "": self._plain_filter(column)}.get(part, part)
            for found in filters.get_search_filters().get(column, ()):
                if getattr(found, "arg_name", None) == arg:
                    wanted: Any = type(found)  # the library's annotation names an instance
                    filters.add_filter(column, wanted, text)
                    said[name] = text
        return filters, said

    def _plain_filter(self, name: str) -> str:
        column = self.relation.columns[name]
        free = column.kind == "text" and not column.choices and name not in self.relation.references
        return "ct" if free and name not in self.relation.key else "eq"

    # ---- show
    @expose("/show/<path:pk>")
    @has_access
    def show(self, pk: str) -> Answer:
        item = self._item(pk)
        labels = Labels()
        found = children(self.screens, self.relation, item)
        names = self.datamodel.names
        labels.learn(
            [(self.relation, n, [getattr(item, n)]) for n in names if n in self.relation.references]
            + [
                (child.relation, column, [getattr(row, column) for row in child.rows])
                for child in found
                for column in child.columns
                if column in child.relation.references
            ]
        )
        return self.render_template(
            "daicho/show.html",
            **self.words(),
            item=item,
            pk=self.datamodel.key_text(item),
            title=title(self.relation, item),
            columns=[self.relation.columns[name] for name in names],
            cell=cells(self.screens, self.relation, labels),
            cell_of=lambda child: cells(self.screens, child.relation, labels),
            explained=self._explained(item),
            children=found,
            links=links(self.relation, item, names, found),
            history=self._history(item),
            actions=self._functions(self.screen.actions),
            needs_form=lambda found: (
                actions.needs_form(found) or found.full in self.screen.confirm_first
            ),
            may_edit=bool(self.edit_columns) and may("update", self.relation.full),
            may_delete=may("delete", self.relation.full),
            link=self.link,
        )

    def _item(self, pk: str) -> Any:
        item = self.datamodel.get(pk)
        if item is None:
            abort(404, description=t(GONE))
        return item

    def _explained(self, item: Any) -> Any:
        name = self.screen.explain
        if not name or not may("execute", name) or name not in generation().catalog.functions:
            return None
        found = generation().catalog.functions[name]
        key = getattr(item, self.datamodel.key[0])
        call = actions.statement(found, [found.arguments[0].name])
        rows = data().execute(call, {"a0": key}).mappings().all()
        wanted = self.screen.explain_columns
        return [[self._told(row[n]) for n in wanted or row if n in row] for row in rows]

    def _told(self, value: object) -> str:
        """A value of a function's answer, as a sentence where it is one."""
        if isinstance(value, str):
            return side_of(value)
        if isinstance(value, dict):
            return "、".join(f"{name}: {self._told(said)}" for name, said in value.items())
        return values.shown(value, zone(), grouped=False)

    def _history(self, item: Any) -> Any:
        relation = self.screens.history_relation
        if not self.screens.history or not relation or not may("read", relation):
            return None
        key = {name: getattr(item, name) for name in self.datamodel.key}
        return self.screens.history(self.relation, key)

    # ---- add, edit, delete
    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Answer:
        if not self.add_columns:
            abort(403)
        form = self.add_form()
        if request.method == "GET":
            for name, text in request.args.items():
                if name in form._fields and name != "csrf_token":
                    form._fields[name].process_formdata([text])
        problem = None
        if request.method == "POST" and form.validate():
            item = self.datamodel.obj()
            self._populate(form, item, adding=True)
            problem = self._save(item, form, adding=True)
            if problem is None:
                flash(t("登録しました。 | Added."), "success")
                return redirect(
                    self.link("show", pk=self.datamodel.key_text(item))
                    if self.datamodel.key
                    else self.link("list")
                )
        return self._form_page(form, problem, item=None, pk=None)

    @expose("/edit/<path:pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Answer:
        if not self.edit_columns:
            abort(403)
        saving = request.method == "POST"
        item = self.datamodel.get_locked(pk) if saving else self.datamodel.get(pk)
        if item is None:
            abort(404, description=t(GONE))
        form, mark = self.edit_form(obj=item), seen_mark(item, self.edit_columns)
        problem = None
        if saving and form.validate():
            if request.form.get("_seen") != mark:
                problem = Refusal(message=t(CHANGED_MEANWHILE), status=409)
            else:
                self._populate(form, item, adding=False)
                problem = self._save(item, form, adding=False)
                if problem is None:
                    flash(t("保存しました。 | Saved."), "success")
                    return redirect(self.link("show", pk=pk))
        return self._form_page(form, problem, item=item, pk=pk, mark=mark)

    @expose("/delete/<path:pk>", methods=["POST"])
    @has_access
    def delete(self, pk: str) -> Answer:
        item = self.datamodel.get_locked(pk)
        if item is None:
            abort(404, description=t(GONE))
        try:
            data().delete(item)
            data().commit()
        except (DBAPIError, StaleDataError) as error:
            data().rollback()
            flash(self._refusal(error).sentence, "danger")
            return redirect(self.link("show", pk=pk))
        flash(t("削除しました。 | Deleted."), "success")
        return redirect(self.link("list"))

    def _populate(self, form: Any, item: Any, *, adding: bool) -> None:
        for name, field in form._fields.items():
            column = self.relation.columns.get(name)
            if column is None:
                continue
            value = field.data
            if value is None and not column.nullable:
                if adding:
                    continue  # the database fills its default
                value = "" if column.kind == "text" else [] if column.kind == "array" else None
            if adding or value != getattr(item, name, None):
                setattr(item, name, value)

    def _save(self, item: Any, form: Any, *, adding: bool) -> Refusal | None:
        """Write, or put the refusal at its field; None when it was written."""
        try:
            if adding:
                data().add(item)
            data().flush()
            data().commit()
        except (DBAPIError, StaleDataError) as error:
            data().rollback()
            problem = self._refusal(error)
            field = form._fields.get(problem.column or "")
            if field is None:
                return problem
            field.errors = [*field.errors, problem.sentence]
            return Refusal(message="", status=problem.status)
        return None

    def _refusal(self, error: DBAPIError | StaleDataError) -> Refusal:
        return refusal(error, generation().catalog, self.relation)

    def _form_page(
        self, form: Any, problem: Refusal | None, *, item: Any, pk: str | None, mark: str = ""
    ) -> Answer:
        fields = [field for name, field in form._fields.items() if name in self.relation.columns]
        referring = [field.name for field in fields if field.control == "reference"]
        labels = Labels()
        labels.learn((self.relation, f.name, [f.data]) for f in fields if f.name in referring)
        page = self.render_template(
            "daicho/form.html",
            **self.words(),
            form=form,
            fields=fields,
            problem=problem.sentence if problem else "",
            choices=options(self.relation, referring),
            label_of_value=lambda name, value: labels.of(self.relation, name, value),
            title=title(self.relation, item) if item is not None else t("新しく登録 | Add"),
            pk=pk,
            mark=request.form.get("_seen", mark),
            link=self.link,
        )
        refused = problem is not None or any(field.errors for field in fields)
        return page, (problem.status if problem else 422) if refused else 200

    # ---- actions
    @expose("/act/<name>", methods=["POST"])
    @has_access
    @permission_name("act")
    def act(self, name: str) -> Answer:
        return actions.act(self, name)

    def _functions(self, names: Iterable[str]) -> list[Any]:
        held = rights()
        return offered([*names], generation().catalog, held) if held else []

    # ---- words and links
    def words(self) -> Mapping[str, object]:
        return {
            "relation": self.relation,
            "relation_label": label_of(self.relation.comment, self.relation.name, language()),
            "relation_help": help_of(self.relation.comment, language()),
            "label": label,
            "help": lambda column: help_of(column.comment, language()),
            "function_label": lambda found: label_of(found.comment, found.name, language()),
            "function_help": lambda found: help_of(found.comment, language()),
            "value_label": self._value_label,
            "lookup_url": lookup_address,
            "sort_url": lambda name, direction: self._same_list(
                sort=name, dir=direction, page=None
            ),
            "page_url": lambda page: self._same_list(page=page or None),
            "relation_word": lambda relation: label_of(relation.comment, relation.name, language()),
            "key_of": lambda child, row: key_text(child.key, row),
            "say": lambda value: values.shown(value, zone(), grouped=False),
        }

    def _same_list(self, **changed: object) -> str:
        """The same list again, with some of its arguments changed."""
        arguments = {name: value for name, value in request.args.items() if name not in changed}
        arguments |= {name: value for name, value in changed.items() if value is not None}
        return f"{self.link('list')}?{urlencode(arguments)}"

    def _value_label(self, column: Column, value: object) -> str:
        said = self.screens.value_label(column.name, value)
        return side_of(said) if said else str(value)

    def link(self, method: str, relation: Relation | None = None, **values_: Any) -> str:
        """The address of a page of this relation, or of another."""
        return address(relation or self.relation, method, **values_)


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 9 else default


def table_view(relation: Relation, screens: Screens, columns: frozenset[str]) -> type[TableView]:
    """The class of a relation's screens for a reader who may read these columns."""
    held = rights()
    if held is None or reader() is None:
        abort(401)
    screen = screens.of(relation)
    dm = Interface(generation().model(relation, columns), relation)
    first = next(iter(relation.key), None)
    attributes = {
        "relation": relation,
        "screens": screens,
        "screen": screen,
        "datamodel": dm,
        "class_permission_name": relation.full,
        "base_permissions": [
            "can_list",
            "can_show",
            "can_add",
            "can_edit",
            "can_delete",
            "can_act",
        ],
        "list_columns": list_columns(screen, relation, columns),
        "show_columns": list(dm.names),
        "add_columns": writable(relation, held.insert.get(relation.full, frozenset())),
        "edit_columns": [
            n
            for n in writable(relation, held.update.get(relation.full, frozenset()))
            if n in columns
        ],
        "search_columns": dm.get_search_columns_list(),
        "order_columns": dm.get_order_columns_list(),
        "base_order": screen.order or ((first, "desc") if first else None),
        **{f"{name}_title": relation.full for name in ("list", "show", "add", "edit")},
    }
    return type(relation.full, (TableView,), attributes)
