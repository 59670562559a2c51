"""What a screen may say beyond the catalogue: differences of one table, and how to call a function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.catalog import Catalog, Column, Function, Relation, Rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The differences of one relation's screens from the generated ones; empty means generated.

    `actions` and `create_actions` are functions `schema.name`: the first parameter of an action
    is the row's key; a create action stands on the list and makes something new.
    Those in `confirm_first` are asked about once more, even when nothing has to be filled in;
    those in `one_by_one` ask for something that only one row can have, such as a tracking number.
    A name in `columns` may be `schema.table.column` of another relation with the same key.
    `action_when` says for which rows a page offers an action: a column and its values there, or whether
    it holds anything. The function itself refuses the others all the same.
    `facets` are the columns whose conditions stand in the bar; without them the likeliest ones.
    `wide` is the one column that is cut short; without it the first free text.
    `sums` are amounts of the row that stand under its first list, the last one in bold; those of nothing are left out.
    `block` are the lines, each of several columns, that another's page begins this one's card with: an address.
    `takers` are pages that take chosen rows: what their button says, its icon, the endpoint, and the
    function that who is offered it may execute.
    `parts` are pieces of the show page that are made elsewhere: the heading, the endpoint that is given
    the row's key as `pk`, and the function that who is shown it may execute.
    `edit_page` edits and adds rows in place of the generated form: the endpoint given `number`, the one
    that adds, and the function that who is offered it may execute.
    `phone` are the columns of the two lines that a row has on a phone: left, right, left, right.
    `empty` says what to do when the list holds nothing.
    `explain` is a function of the key whose rows stand on top of the show page, in these columns,
    for who may read all of `explain_reads`.
    `explain_names` says where the name of a rule code stands: its relation, the code's and the name's column.
    `explain_act` takes such a reason away: the relation whose row it is, the column of the answer that
    holds its key, and the function.
    `primary` are the actions that come next where they are offered; `searches` says what the search box finds.
    `facts` are the columns that the show page begins with, the rest folded beneath; without them all.
    `unlisted` are tables that point here and are no help to who reads the row: they are not linked under Related.
    `children` are (`schema.table`, column) shown with their rows on the show page, with the columns that
    their own screen says are for `inside` another's; those in `lines` are edited in the form of their row.
    """

    columns: Sequence[str] = ()
    order: tuple[str, str] | None = None
    actions: Sequence[str] = ()
    create_actions: Sequence[str] = ()
    confirm_first: Sequence[str] = ()
    one_by_one: Sequence[str] = ()
    action_when: Mapping[str, tuple[str, Sequence[object] | bool]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    wide: str = ""
    phone: Sequence[str] = ()
    empty: str = ""
    explain: str | None = None
    explain_columns: Sequence[str] = ()
    explain_reads: Sequence[str] = ()
    explain_names: tuple[str, str, str] | None = None
    explain_act: tuple[str, str, str] | None = None
    primary: frozenset[str] = frozenset()
    searches: str = ""
    facts: Sequence[str] = ()
    inside: Sequence[str] = ()
    children: Sequence[tuple[str, str]] = ()
    sums: Sequence[str] = ()
    block: Sequence[Sequence[str]] = ()
    takers: Sequence[tuple[str, str, str, str]] = ()
    parts: Sequence[tuple[str, str, str]] = ()
    edit_page: tuple[str, str, str] | None = None
    lines: Sequence[tuple[str, str]] = ()
    unlisted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """All screens' differences, the areas of the menu, words and icons of stored codes, the history.

    Rows that point to a relation in `marked` (shops) show the first letter of its name before it.
    `parameters` names those of functions that no column is called like, with a label and its help.

    `history` reads what the relation `history_relation` keeps about one row; it is called only
    for readers who may read that relation.
    """

    by_relation: Mapping[str, Screen]
    areas: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    value_icons: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    marked: frozenset[str] = frozenset()
    history: Callable[[Relation, Mapping[str, object]], list[Any]] | None = None
    history_relation: str | None = None

    def of(self, relation: Relation) -> Screen:
        return self.by_relation.get(relation.full, _PLAIN)

    def like(self, catalog: Catalog, parameter: str, schema: str) -> tuple[Relation, Column] | None:
        """The column that a parameter is about; none where it has words of its own."""
        if parameter in self.parameters:
            return None
        return catalog.column_like(parameter.removeprefix("p_"), schema)

    def value_label(self, column: str, value: object) -> str | None:
        """The bilingual word of a stored code, if it has one."""
        return self.value_labels.get(column, {}).get(str(value))

    def value_icon(self, column: str, value: object) -> tuple[str | None, str]:
        """The icon of a stored code and its tone (ok, wait, go, act, stop), if it has one."""
        return self.value_icons.get(column, {}).get(str(value), (None, ""))


_PLAIN = Screen()
_LATE = ("created_at", "updated_at", "changed_at", "version")
LIST_COLUMNS = 9


def list_columns(screen: Screen, relation: Relation, readable: frozenset[str]) -> list[str]:
    """The columns of the list: the screen's own, else the first that are short; never long ones."""
    if screen.columns:
        own = [n for n in relation.columns if n.startswith("x_") and n in readable]
        return [*(name for name in screen.columns if name in readable or "." in name), *own]
    short = [
        column.name
        for column in relation.columns.values()
        if column.name in readable
        and column.kind not in ("json", "array", "bytes", "range")
        and not column.multiline
    ]
    early = [name for name in short if name not in _LATE]
    own = [name for name in short if name.startswith("x_")]
    return list(dict.fromkeys([*early[:LIST_COLUMNS], *own])) or [
        name for name in relation.columns if name in readable
    ]


def writable(relation: Relation, granted: frozenset[str]) -> list[str]:
    """The columns of a form: granted, and not made by the database itself."""
    return [
        column.name
        for column in relation.columns.values()
        if column.name in granted
        and not column.generated
        and column.kind != "bytes"
        and column.name not in ("created_at", "updated_at", "changed_at", "version")
    ]


def offered(names: Sequence[str], catalog: Catalog, held: Rights) -> list[Function]:
    """The functions of these names that exist and are granted."""
    return [
        catalog.functions[name]
        for name in names
        if name in catalog.functions and name in held.execute
    ]


def fits(screen: Screen, function: Function, item: object) -> bool:
    """Whether a screen offers an action on this row; what the reader may not read hides nothing."""
    column, wanted = screen.action_when.get(function.full, ("", False))
    if not column or not hasattr(item, column):
        return True
    value = getattr(item, column)
    return (value is not None) is wanted if isinstance(wanted, bool) else value in wanted
