"""List, show, add, edit, delete and actions of one relation, for readers with one set of rights."""

from __future__ import annotations  # `list` is also a method here

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
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
from app.fab.forms import ColumnForms
from app.fab.interface import COUNT_MAX, FilterRefused, Interface, key_text, searched
from app.fab.labels import Labels, options, title
from app.fab.screen import Screen, Screens, list_columns, offered, writable
from app.fab.seen import seen_mark
from app.words import help_of, label_of, language, t

PAGE_SIZES = (25, 50, 100, 200)
CHILD_ROWS = 20
CHILDREN_MAX = 5
Answer = str | Response | tuple[str, int]


class TableView(ModelView):
    """The screens of one relation. Class attributes come from `table_view`; nothing is kept between requests."""

    relation: Relation
    screens: Screens
    screen: Screen
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
                query = searched(query, self.datamodel, self._search_titles(), words)
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
            **self._words(),
            rows=[
                (self.datamodel.key_text(row) if self.datamodel.key else None, row) for row in rows
            ],
            columns=[self.relation.columns[name] for name in wanted],
            cell=self._cell(labels),
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
            link=self._link,
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
                if found.arg_name == arg:
                    filters.add_filter(column, type(found), text)
                    said[name] = text
        return filters, said

    def _plain_filter(self, name: str) -> str:
        column = self.relation.columns[name]
        free = column.kind == "text" and not column.choices and name not in self.relation.references
        return "ct" if free and name not in self.relation.key else "eq"

    def _search_titles(self) -> list[str]:
        """The columns that the search box looks in: titles, codes and numbers of others."""
        texts = [n for n in self.datamodel.names if self.relation.columns[n].kind == "text"]
        titled = [n for n in texts if n in self.relation.title_columns]
        coded = [n for n in texts if n.endswith(("_code", "_no", "_name", "gtin", "note"))]
        return [*dict.fromkeys((*titled, *coded))][:6] or texts[:3]

    # ---- show
    @expose("/show/<path:pk>")
    @has_access
    def show(self, pk: str) -> Answer:
        item = self._item(pk)
        labels = Labels()
        children = self._children(item)
        names = self.datamodel.names
        labels.learn(
            [(self.relation, n, [getattr(item, n)]) for n in names if n in self.relation.references]
            + [
                (child.relation, column, [getattr(row, column) for row in child.rows])
                for child in children
                for column in child.columns
                if column in child.relation.references
            ]
        )
        return self.render_template(
            "daicho/show.html",
            **self._words(),
            item=item,
            pk=self.datamodel.key_text(item),
            title=title(self.relation, item),
            columns=[self.relation.columns[name] for name in names],
            cell=self._cell(labels),
            cell_of=lambda child: self._cell(labels, child.relation),
            explained=self._explained(item),
            children=children,
            links=self._child_links(item, children),
            history=self._history(item),
            actions=self._functions(self.screen.actions),
            needs_form=lambda found: (
                actions.needs_form(found) or found.full in self.screen.confirm_first
            ),
            may_edit=bool(self.edit_columns) and may("update", self.relation.full),
            may_delete=may("delete", self.relation.full),
            link=self._link,
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

    def _children(self, item: Any) -> list[Any]:
        held, found = rights(), []
        for full, column in self.screen.children[:CHILDREN_MAX]:
            relation = generation().catalog.relations.get(full)
            readable = held.read.get(full, frozenset()) if held else frozenset()
            if relation is None or column not in readable:
                continue
            names = [
                n
                for n in list_columns(self.screens.of(relation), relation, readable)
                if n != column
            ]
            found.append(
                child_of(
                    relation, column, getattr(item, relation.references[column][1]), names, readable
                )
            )
        return found

    def _child_links(self, item: Any, children: list[Any]) -> list[tuple[str, str]]:
        """Lists of other rows that point here, as links alone."""
        shown = {(child.relation.full, child.column) for child in children}
        held = rights()
        return [
            (
                label_of(relation.comment, relation.name, language())
                + ("" if column in self.relation.key else f"（{label(relation.columns[column])}）"),
                self._link(
                    "list", relation=relation, **{f"f.{column}": str(getattr(item, target))}
                ),
            )
            for relation, column in generation().catalog.children.get(self.relation.full, ())
            if (relation.full, column) not in shown
            and held
            and column in held.read.get(relation.full, frozenset())
            and (target := relation.references[column][1]) in self.datamodel.names
        ]

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
                    self._link("show", pk=self.datamodel.key_text(item))
                    if self.datamodel.key
                    else self._link("list")
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
                    return redirect(self._link("show", pk=pk))
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
            return redirect(self._link("show", pk=pk))
        flash(t("削除しました。 | Deleted."), "success")
        return redirect(self._link("list"))

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
            **self._words(),
            form=form,
            fields=fields,
            problem=problem.sentence if problem else "",
            choices=options(self.relation, referring),
            label_of_value=lambda name, value: labels.of(self.relation, name, value),
            title=title(self.relation, item) if item is not None else t("新しく登録 | Add"),
            pk=pk,
            mark=request.form.get("_seen", mark),
            link=self._link,
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
    def _words(self) -> Mapping[str, object]:
        return {
            "relation": self.relation,
            "relation_label": label_of(self.relation.comment, self.relation.name, language()),
            "relation_help": help_of(self.relation.comment, language()),
            "label": label,
            "help": lambda column: help_of(column.comment, language()),
            "function_label": lambda found: label_of(found.comment, found.name, language()),
            "function_help": lambda found: help_of(found.comment, language()),
            "value_label": self._value_label,
            "lookup_url": _lookup_url,
            "sort_url": lambda name, direction: self._same_list(
                sort=name, dir=direction, page=None
            ),
            "page_url": lambda page: self._same_list(page=page or None),
            "relation_word": lambda relation: label_of(relation.comment, relation.name, language()),
            "key_of": lambda child, row: key_text(child.key, row),
            "say": lambda value: values.shown(value, zone(), grouped=False),
        }

    def _same_list(self, **changed: object) -> str:
        """This list again, with some of its arguments changed."""
        arguments = {name: value for name, value in request.args.items() if name not in changed}
        arguments |= {name: value for name, value in changed.items() if value is not None}
        return self._link("list", **arguments)

    def _value_label(self, column: Column, value: object) -> str:
        said = self.screens.value_label(column.name, value)
        return side_of(said) if said else str(value)

    def _cell(self, labels: Labels, relation: Relation | None = None) -> Any:
        """How a cell of a page is said: (text, address of what it points to, class)."""
        of = relation or self.relation
        held = rights()

        def cell(row: Any, column: Column) -> tuple[str, str | None, str]:
            value = getattr(row, column.name)
            if value is None:
                return "", None, ""
            if target := of.references.get(column.name):
                found = labels.of(of, column.name, value)
                to = generation().catalog.relations.get(target[0])
                is_code = to is not None and "label" in to.columns
                if (
                    found
                    and to
                    and held
                    and not is_code
                    and to.key == (target[1],)
                    and to.full in held.read
                ):
                    return found, self._link("show", relation=to, pk=str(value)), ""
                return found or str(value), None, ""
            if isinstance(value, str):
                said = self.screens.value_label(column.name, value)
                return (
                    side_of(said)
                    if said
                    else side_of(value)
                    if _is_bilingual(of, column)
                    else value,
                    None,
                    "",
                )
            is_name = column.name in of.key or column.name.endswith("_id")
            number = column.kind in ("integer", "numeric", "float")
            return (
                values.shown(value, zone(), grouped=not is_name),
                None,
                "n" if number and not is_name else "",
            )

        return cell

    def _link(self, method: str, relation: Relation | None = None, **values_: Any) -> str:
        of = relation or self.relation
        return url_for(f"tables.{method}", schema=of.schema, table=of.name, **values_)


class Child:
    """Rows of another table that belong to the shown one."""

    __slots__ = ("column", "columns", "key", "more", "relation", "rows", "value")

    def __init__(
        self,
        relation: Relation,
        column: str,
        value: object,
        columns: list[str],
        readable: frozenset[str],
    ) -> None:
        self.relation, self.column, self.value = relation, column, value
        self.columns = columns
        self.key = relation.key if set(relation.key) <= readable else ()
        table = generation().table(relation)
        names = dict.fromkeys((*self.key, *columns))
        select = sa.select(*(table.c[name] for name in names)).where(table.c[column] == value)
        order = [table.c[name].desc() for name in self.key]
        rows = data().execute(select.order_by(*order).limit(CHILD_ROWS + 1)).all()
        self.rows, self.more = rows[:CHILD_ROWS][::-1], len(rows) > CHILD_ROWS


def child_of(
    relation: Relation, column: str, value: object, columns: list[str], readable: frozenset[str]
) -> Child:
    """The last rows of a child table, oldest first."""
    return Child(relation, column, value, columns, readable)


def _is_bilingual(relation: Relation, column: Column) -> bool:
    """Whether a text holds both languages: by its domain, in views by its name."""
    return column.domain == "bilingual" or (
        not relation.is_table and column.name in ("label", "hint", "release")
    )


def _lookup_url(target: tuple[str, str]) -> str:
    schema, table = target[0].split(".", 1)
    return url_for("lookup.find", schema=schema, table=table, key=target[1])


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
