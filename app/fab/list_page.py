"""The list of a relation as a page, and what the page asks for later: counts, columns, one cell."""

from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import jsonify, redirect, request
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.asking import data, generation, may
from app.catalog import Function, Relation, query
from app.errors import refusal
from app.fab import conditions, layouts
from app.fab.addresses import address
from app.fab.listing import Head, Listed, columns_of, facets, listing, problem_of
from app.fab.screen import list_columns
from app.messages import stop
from app.words import t

PAGE_SIZES = (25, 50, 100, 200)
COLUMNS_MAX = 40
COUNT_MAX = 10_000
SEARCH_NAME_MAX = 60
_PLACES = ("after", "before", "at", "no", "name")


class ListView(Listed, Protocol):
    """What the page needs of its screen."""

    list_columns: Sequence[str]
    add_columns: Sequence[str]
    edit_columns: Sequence[str]
    page_size: int

    def render_template(self, template: str, **kwargs: Any) -> str: ...
    def words(self) -> Any: ...
    def functions(self, names: Sequence[str]) -> list[Function]: ...
    def add_page(self) -> str: ...
    def link(self, method: str, **values_: Any) -> str: ...


def page(view: ListView) -> str | Response:
    """The list page; a saved search without conditions of its own leads to its conditions."""
    relation = view.relation
    kept = layouts.read(relation)
    chosen = next(
        (s for s in kept.searches if str(s.saved_search_id) == request.args.get("s")), None
    )
    if request.args.get("s") and chosen is None:
        stop(
            t(
                "その検索は、消されたか、共有されていません。 | That search was removed, or is not shared."
            )
        )
        return redirect(same_list(relation, request.args, s=None))
    said = conditions.arguments_of(relation, chosen.condition) if chosen is not None else None
    if chosen is not None and said is not None and not set(request.args) - {"s"}:
        wanted = MultiDict([*said, *layouts.sorted_as(chosen.sort)])
        if wanted:
            return redirect(same_list(relation, wanted, s=chosen.saved_search_id))
    standard = list(view.list_columns)
    wanted = (
        [n for n in request.args.get("cols", "").split(",") if n]
        or list(chosen.columns if chosen is not None else ())
        or list(kept.columns)
        or standard
    )
    size = size_of(view)
    # What no address can say is asked for beside it
    further = chosen.condition if chosen is not None and said is None else {}
    found = listing(view, wanted[:COLUMNS_MAX], size, further)
    bar, others = facets(view)
    first = int(request.args["no"]) if request.args.get("no", "").isdecimal() else None
    started = not set(request.args) & {"after", "before", "at"}
    return view.render_template(
        "daicho/list.html",
        **view.words(),
        found=found,
        link=view.link,
        wide=view.screen.wide or _wide(found.heads),
        phone=_phone(view, found.heads),
        shown=[head.name for head in found.heads],
        offered=columns_of(
            view,
            list(
                dict.fromkeys(
                    [
                        *wanted,
                        *standard,
                        *(c for c in view.screen.columns if "." in c),
                        *view.datamodel.names,
                    ]
                )
            ),
        ),
        bar=bar,
        others=others,
        asked_name=request.args.get("name", "")[:SEARCH_NAME_MAX],
        first=1 if started else first,
        size=size,
        sizes=PAGE_SIZES,
        searches=kept.searches,
        chosen=chosen,
        actions=view.functions(view.screen.actions),
        create_actions=view.functions(view.screen.create_actions),
        editable=list(view.edit_columns)
        if view.datamodel.key and may("update", relation.full)
        else [],
        add_page=view.add_page(),
        may_add=bool(view.add_columns) and may("insert", relation.full),
        turn=lambda **changed: same_list(relation, request.args, **{"name": None, **changed}),
        without=lambda names: same_list(
            relation, without(request.args, names), **dict.fromkeys(_PLACES)
        ),
        kept_args=lambda names: [
            (k, v) for k, v in without(request.args, [*names, *_PLACES]).items(multi=True)
        ],
        is_narrowed=bool(found.tree),
    )


def _phone(view: ListView, heads: Sequence[Head]) -> dict[str, str]:
    """Where each column stands in the two lines of a row on a phone: 2 left, 3 right."""
    shown = [head.name for head in heads]
    wanted = [name for name in view.screen.phone if name in shown] or shown[:4]
    return {name: "23"[place % 2] for place, name in enumerate(wanted)}


def _wide(heads: Sequence[Head]) -> str:
    """The one column that may be cut short: the first free text behind the row's name."""
    for head in heads[1:]:
        coded = head.column.choices or head.column.name in head.relation.references
        if (
            head.column.kind == "text"
            and not coded
            and not head.column.name.endswith(("_no", "_code"))
        ):
            return head.name
    return ""


def size_of(view: ListView) -> int:
    """How many rows a page has."""
    given = request.args.get("size", "")
    return int(given) if given in {str(size) for size in PAGE_SIZES} else view.page_size


def without(arguments: MultiDict[str, str], names: Sequence[str]) -> MultiDict[str, str]:
    """Arguments without those of these columns (`f.<name>`, `f.<name>.from` …) or names."""
    kept = [
        (key, value)
        for key, value in arguments.items(multi=True)
        if key not in names and key.removeprefix("f.").partition(".")[0] not in names
    ]
    return MultiDict(kept)


def same_list(relation: Relation, arguments: MultiDict[str, str], **changed: object) -> str:
    """The same list again with some arguments changed; None takes one away."""
    kept = [(key, value) for key, value in arguments.items(multi=True) if key not in changed]
    kept += [(key, str(value)) for key, value in changed.items() if value is not None]
    tail = urlencode(kept)
    return address(relation, "list") + (f"?{tail}" if tail else "")


def counted(view: ListView) -> Response | tuple[Response, int]:
    """How many rows fit, and how many for each value of the bar: asked for after the page is there."""
    tree = conditions.tree_of(view.relation, view.search_columns, request.args)
    bar, _ = facets(view)
    names = [facet.column.name for facet in bar if facet.kind == "choices"]
    session = data()
    given = {"relation": view.relation.full, "tree": tree, "most": COUNT_MAX + 1, "columns": names}
    typed = sa.bindparam("tree", type_=sa.JSON)
    try:
        count = session.execute(sa.text(query("list_count")).bindparams(typed), given).scalar_one()
        rows = session.execute(sa.text(query("list_facets")).bindparams(typed), given).all()
    except DBAPIError as error:
        session.rollback()
        why = refusal(error, generation().catalog, view.relation)
        return jsonify(message=problem_of(view, why)), why.status
    by_column: dict[str, dict[str, int]] = {name: {} for name in names}
    for row in rows:
        if row.value is not None:
            by_column[row.column_name][row.value] = row.rows
    return jsonify(
        count=min(count, COUNT_MAX),
        more=count > COUNT_MAX,
        said=t("{n}件より多い | More than {n}", n=f"{COUNT_MAX:,}")
        if count > COUNT_MAX
        else t("{n}件 | {n}", n=f"{count:,}"),
        facets=by_column,
        limited=any(row.is_limited for row in rows),
    )


def keep_columns(view: ListView) -> Response:
    """Keep the columns that the reader wants in this list; none brings the standard ones back."""
    known = {*view.datamodel.names, *(c for c in view.screen.columns if "." in c)}
    wanted = [n for n in request.form.getlist("column") if n in known][:COLUMNS_MAX]
    standard = list(list_columns(view.screen, view.relation, frozenset(view.datamodel.names)))
    layouts.keep(
        view.relation, [] if wanted == standard or request.form.get("standard") else wanted
    )
    back = MultiDict([(k, v) for k, v in request.args.items(multi=True) if k != "cols"])
    return redirect(same_list(view.relation, back))
