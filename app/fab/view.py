"""List, show, add, edit, delete and actions of one relation, for readers with one set of rights."""

from __future__ import annotations  # `list` is also a method here

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import abort, request, url_for
from flask_appbuilder import ModelView, expose, has_access
from flask_appbuilder.models.filters import Filters
from flask_appbuilder.security.decorators import permission_name
from werkzeug.wrappers import Response

from app.asking import data, generation, may, reader, rights, zone
from app.catalog import Column, Relation
from app.errors import GONE, label, side_of
from app.fab import actions, form_page, list_page, values
from app.fab.addresses import address, lookup_address
from app.fab.cell_edit import cell_edit
from app.fab.cells import Cell, cells, evidence_pairs, evidence_said, is_number, value_said
from app.fab.children import Child, child_of, links, standing
from app.fab.forms import ColumnForms
from app.fab.interface import Interface, key_text
from app.fab.labels import Labels, title
from app.fab.screen import Screen, Screens, fits, list_columns, offered, writable
from app.words import help_of, label_of, language, t

Answer = str | Response | tuple[str, int]


class TableView(ModelView):
    """The screens of one relation. Class attributes come from `table_view`; nothing is kept between requests."""

    relation: Relation
    screens: Screens
    screen: Screen
    datamodel: Interface
    list_columns: Sequence[str]
    add_columns: Sequence[str]
    edit_columns: Sequence[str]
    add_form: Any
    edit_form: Any
    search_columns: Sequence[str]
    order_columns: Sequence[str]
    base_order: tuple[str, str] | None
    include_route_methods = {  # noqa: RUF012
        "list",
        "counted",
        "columns",
        "cell",
        "show",
        "related",
        "history",
        "add",
        "edit",
        "delete",
        "act",
    }
    page_size = list_page.PAGE_SIZES[1]

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
        return list_page.page(self)

    @expose("/list/counted.json")
    @has_access
    @permission_name("list")
    def counted(self) -> Response | tuple[Response, int]:
        return list_page.counted(self)

    @expose("/list/columns", methods=["POST"])
    @has_access
    @permission_name("list")
    def columns(self) -> Response:
        return list_page.keep_columns(self)

    @expose("/cell/<path:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def cell(self, pk: str) -> Any:
        return cell_edit(self, pk)

    # ---- show
    @expose("/show/<path:pk>")
    @has_access
    def show(self, pk: str) -> Answer:
        item = self._item(pk)
        labels, names = Labels(), self.datamodel.names
        there = standing(self.screens, self.relation)
        # The lines of a slip and what there is one of are there at once; the rest follows when it is looked at
        first = there[:1] if self.screen.explain or self.screen.sums else []
        at_once = [one for one in there if one in first or tuple(one[0].key) == (one[1],)]
        children = [child_of(self.screens, *one, item) for one in at_once]
        labels.learn(
            [(self.relation, n, [getattr(item, n)]) for n in names if n in self.relation.references]
            + self._references(children)
        )
        own = [name for name in names if name.startswith("x_")]
        facts = (
            [name for name in self.screen.facts if name in names] + own
            if self.screen.facts
            else names
        )
        return self.render_template(
            "daicho/show.html",
            **self.words(),
            item=item,
            pk=self.datamodel.key_text(item),
            title=title(self.relation, item),
            columns=[
                self.relation.columns[name]
                for name in facts
                if not self.screen.facts or getattr(item, name) is not None
            ],
            sums=self._sums(item, labels),
            block_of=self._block,
            may_edit_card=lambda relation: may("update", relation.full),
            folded=[
                self.relation.columns[name]
                for name in names
                if name not in facts and name not in self.screen.sums
            ],
            cell=cells(self.screens, self.relation, labels),
            cell_of=self._cell_of(item, labels),
            why=self._why(item),
            heading=self._heading(item, labels),
            leading=[child for child in children if not child.is_one],
            cards=[child for child in children if child.is_one and child.rows],
            later=[(place, one) for place, one in enumerate(there) if one not in at_once],
            links=links(self.screens, self.relation, item, names, there),
            parts=[
                (side_of(said), url_for(endpoint, pk=self.datamodel.key_text(item)))
                for said, endpoint, function in self.screen.parts
                if may("execute", function)
            ],
            edit_page=self._edit_page(item),
            has_history=self._has_history(),
            actions=[
                found
                for found in self.functions(self.screen.actions)
                if fits(self.screen, found, item)
            ],
            needs_form=lambda found: (
                actions.needs_form(found) or found.full in self.screen.confirm_first
            ),
            may_edit=bool(self.edit_columns) and may("update", self.relation.full),
            may_delete=may("delete", self.relation.full),
            link=self.link,
        )

    @expose("/related/<int:place>/<path:pk>")
    @has_access
    @permission_name("show")
    def related(self, place: int, pk: str) -> Answer:
        """One list of rows that point to this one, as a part of its page."""
        there = standing(self.screens, self.relation)
        if place >= len(there):
            abort(404)
        item = self._item(pk)
        child = child_of(self.screens, *there[place], item)
        labels = Labels()
        labels.learn(self._references([child]))
        return self.render_template(
            "daicho/related.html",
            **self.words(),
            child=child,
            cell_of=self._cell_of(item, labels),
            link=self.link,
        )

    @expose("/history/<path:pk>")
    @has_access
    @permission_name("show")
    def history(self, pk: str) -> Answer:
        """What the audit log holds about this row, as a part of its page."""
        read = self.screens.history
        if read is None or not self._has_history():
            abort(403)
        item = self._item(pk)
        key = {name: getattr(item, name) for name in self.datamodel.key}
        entries, labels = read(self.relation, key), Labels()
        labels.learn(
            (self.relation, change.column, [change.before, change.after])
            for entry in entries
            for change in entry.changes
            if change.column in self.relation.references
        )
        currency = getattr(item, "currency_code", None)
        return self.render_template(
            "daicho/history.html",
            **self.words(),
            history=entries,
            value_said=lambda column, value: value_said(
                self.screens, self.relation, column, value, labels, currency
            ),
        )

    def _cell_of(
        self, item: Any, labels: Labels
    ) -> Callable[[Child], Callable[[Any, Column], Cell]]:
        """How cells of rows on the page of another are said: in its currency, where they have none."""
        currency = getattr(item, "currency_code", None)
        return lambda child: cells(self.screens, child.relation, labels, currency)

    def add_page(self) -> str:
        """Where a row is added, when that is no generated form; empty for who may not."""
        found = self.screen.edit_page
        return url_for(found[1]) if found and may("execute", found[2]) else ""

    def _edit_page(self, item: Any) -> str:
        """Where the row is edited, when that is no generated form; empty for who may not."""
        found = self.screen.edit_page
        if found is None or not may("execute", found[2]):
            return ""
        return url_for(found[0], number=getattr(item, self.datamodel.key[0]))

    def _has_history(self) -> bool:
        kept = self.screens.history_relation
        return bool(self.screens.history and kept and may("read", kept))

    def _references(self, found: Iterable[Child]) -> Any:
        return [
            (child.relation, column, [getattr(row, column) for row in child.rows])
            for child in found
            for column in child.columns
            if column in child.relation.references
        ]

    def _item(self, pk: str) -> Any:
        item = self.datamodel.get(pk)
        if item is None:
            abort(404, description=t(GONE))
        return item

    def _heading(self, item: Any, labels: Labels) -> Sequence[Cell]:
        """What stands beside the title: the status and the shop of the row."""
        said = cells(self.screens, self.relation, labels)
        found = [said(item, self.relation.columns[name]) for name in self.datamodel.names]
        return [one for one in found if one.icon or one.mark]

    def _block(self, child: Child) -> tuple[list[str], set[str]]:
        """The lines that a card begins with, and the columns that they say."""
        block, row = self.screens.of(child.relation).block, child.rows[0]
        lines = [
            " ".join(str(getattr(row, n)) for n in line if n in child.columns and getattr(row, n))
            for line in block
        ]
        return [line for line in lines if line], {name for line in block for name in line}

    def _sums(self, item: Any, labels: Labels) -> list[tuple[str, str]]:
        """The amounts under the first list: label and amount; what is nothing is left out, but for the last."""
        said = cells(self.screens, self.relation, labels)
        names = [name for name in self.screen.sums if name in self.datamodel.names]
        return [
            (label(self.relation.columns[name]), said(item, self.relation.columns[name]).said)
            for name in names
            if getattr(item, name) or (name == names[-1] and getattr(item, name) is not None)
        ]

    def _act_on_reason(self, row: Any) -> tuple[str, str, str] | None:
        """What takes a reason away, for who may: its words, its address, and the key of the reason's row."""
        if self.screen.explain_act is None:
            return None
        full, column, name = self.screen.explain_act
        relation = generation().catalog.relations.get(full)
        function = generation().catalog.functions.get(name)
        if relation is None or function is None or not may("execute", name) or row[column] is None:
            return None
        words = label_of(function.comment, function.name, language())
        return words, address(relation, "act", name=name), str(row[column])

    def _why(self, item: Any) -> Mapping[str, Any] | None:
        """Why the row is where it is, and what would release it, as its function says."""
        name = self.screen.explain
        if not name or not may("execute", name) or name not in generation().catalog.functions:
            return None
        # It runs with the reader's rights: what it may not read would take the whole page along
        if not all(may("read", full) for full in self.screen.explain_reads):
            return None
        function = generation().catalog.functions[name]
        key = getattr(item, self.datamodel.key[0])
        call = actions.statement(function, [function.arguments[0].name])
        rows = data().execute(call, {"a0": key}).mappings().all()
        labels, currency = Labels(), getattr(item, "currency_code", None)
        labels.learn(pair for row in rows for pair in evidence_pairs(row["evidence"]))
        names = self._rule_names({row["rule_code"] for row in rows if row["rule_code"]})
        reasons = [
            {
                "label": side_of(row["label"]),
                "evidence": evidence_said(self.screens, labels, row["evidence"], currency),
                "release": side_of(row["release"] or ""),
                "rule": row["rule_code"]
                and t(
                    "ルール「{name}」v{version} | Rule “{name}” v{version}",
                    name=names.get(row["rule_code"], row["rule_code"]),
                    version=row["rule_version"],
                ),
                "since": values.short_moment(row["since"], zone()) if row["since"] else "",
                "act": self._act_on_reason(row),
            }
            for row in rows
            if row["step"]
        ]
        said = "".join(side_of(row["release"] or "") for row in rows if not row["step"])
        return {"reasons": reasons, "said": said}

    def _rule_names(self, codes: set[str]) -> Mapping[str, str]:
        """What the rules of these codes are called."""
        if not codes or self.screen.explain_names is None:
            return {}
        full, code, name = self.screen.explain_names
        table = generation().table(generation().catalog.relations[full])
        select = sa.select(table.c[code], table.c[name]).where(table.c[code].in_(sorted(codes)))
        return {row[0]: side_of(row[1]) for row in data().execute(select)}

    # ---- add, edit, delete
    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Answer:
        return form_page.add(self)

    @expose("/edit/<path:pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Answer:
        return form_page.edit(self, pk)

    @expose("/delete/<path:pk>", methods=["POST"])
    @has_access
    def delete(self, pk: str) -> Answer:
        return form_page.delete(self, pk)

    # ---- actions
    @expose("/act/<name>", methods=["POST"])
    @has_access
    @permission_name("act")
    def act(self, name: str) -> Answer:
        return actions.act(self, name)

    def functions(self, names: Iterable[str]) -> list[Any]:
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
            "area_label": self._area(),
            "one_by_one": self.screen.one_by_one,
            "takers": [
                (side_of(said), icon, url_for(endpoint))
                for said, icon, endpoint, function in self.screen.takers
                if may("execute", function)
            ],
            "search_hint": side_of(self.screen.searches),
            "primary": self.screen.primary,
            "empty_hint": side_of(self.screen.empty),
            "counted_url": f"{self.link('counted')}?{request.query_string.decode()}",
            "columns_url": f"{self.link('columns')}?{request.query_string.decode()}",
            "bulk_url": self._bulk(),
            "relation_word": lambda relation: label_of(relation.comment, relation.name, language()),
            "key_of": lambda child, row: key_text(child.key, row),
            "say": lambda value: values.shown(value, zone(), grouped=False),
            "moment": lambda value: values.short_moment(value, zone()),
            "is_number": is_number,
        }

    def _area(self) -> str:
        said = self.screens.areas.get(self.relation.schema)
        comment = said or generation().catalog.schemas.get(self.relation.schema)
        return label_of(comment, self.relation.schema, language())

    def _bulk(self) -> str:
        """Where changes of many rows are looked at first; rows of a view are not changed."""
        if not self.relation.is_table:
            return ""
        return url_for("Bulk.preview", schema=self.relation.schema, table=self.relation.name)

    def _value_label(self, column: Column, value: object) -> str:
        said = self.screens.value_label(column.name, value)
        return side_of(said or str(value)) if said or column.choices else str(value)

    def link(self, method: str, relation: Relation | None = None, **values_: Any) -> str:
        """The address of a page of this relation, or of another."""
        return address(relation or self.relation, method, **values_)


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
