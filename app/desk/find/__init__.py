"""One search over everything, and the palette of pages and actions."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose

from app.asking import data, generation, may, reader, rights
from app.catalog import query
from app.errors import side_of
from app.fab.screen import writable
from app.sidebar import searches, shown
from app.words import is_short, label_of, language, t

WORDS_MAX = 200
BOX_MOST, PAGE_MOST = 5, 50
SURE = 95
"""From this rank on a hit is what was typed, whole: alone it is opened at once, as by a scanner."""

# What `access.find` calls a kind of row, as staff call it, and whose page it is
KINDS = {
    "order": ("受注 | Orders", "sales.sales_order"),
    "shipment": ("出荷 | Shipments", "shipping.shipment"),
    "customer": ("顧客 | Customers", "customer.customer"),
    "sku": ("SKU | SKUs", "catalog.sku"),
    "product": ("商品 | Products", "catalog.product"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of an answer: what it is called, what tells it from others, where it leads."""

    title: str
    detail: str
    href: str
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Items of one kind, the best first."""

    label: str
    items: tuple[Item, ...]


class Find(BaseView):
    """Everybody finds what their grants and scope show them: `access.find` runs with their rights."""

    route_base = ""
    default_view = "index"

    @expose("/find", methods=["GET"])
    def index(self) -> Any:
        """The page behind Enter."""
        if reader() is None:
            return redirect(url_for("SignIn.login", next=request.full_path.rstrip("?")))
        words = _words()
        groups = found(words, PAGE_MOST)
        if _wants_json():
            return _told(groups)
        sure = [item for group in groups for item in group.items]
        if len(sure) == 1 and sure[0].rank >= SURE:
            return redirect(sure[0].href)
        return self.render_template(
            "daicho/find.html",
            title=t("検索 | Search"),
            words=words,
            groups=groups,
            most=PAGE_MOST,
            is_short=is_short(words),
        )

    @expose("/find.json", methods=["GET"])
    def answer(self) -> Any:
        """What the search box and the palette show while somebody types."""
        _allow()
        return _told(found(_words(), BOX_MOST))

    @expose("/palette.json", methods=["GET"])
    def palette(self) -> Any:
        """The pages that the reader may open and the rows that they may add."""
        _allow()
        return _told([group for group in (_pages(), _searches(), _tables(), _actions()) if group])


def found(words: str, most: int) -> list[Group]:
    """What there is to these words, by kind, the kind with the best hit first."""
    if is_short(words):
        return []
    rows = data().execute(sa.text(query("find")), {"words": words, "most": most}).all()
    groups = []
    for kind, (label, relation) in KINDS.items():
        schema, table = relation.split(".", 1)
        items = tuple(
            Item(
                title=row.title,
                detail=side_of(row.detail or ""),
                href=url_for("tables.show", schema=schema, table=table, pk=row.key),
                rank=row.rank,
            )
            for row in rows
            if row.kind == kind and may("read", relation)
        )
        if items:
            groups.append(Group(label=t(label), items=items))
    return sorted(groups, key=lambda group: -group.items[0].rank)


def _allow() -> None:
    if reader() is None:
        abort(401)


def _words() -> str:
    # What PostgreSQL cannot keep cannot be found either
    return request.args.get("q", "").replace("\x00", "").strip()[:WORDS_MAX]


def _wants_json() -> bool:
    kinds = request.accept_mimetypes
    return kinds.best_match(["text/html", "application/json"]) == "application/json"


def _told(groups: list[Group]) -> Any:
    return jsonify(
        groups=[
            {
                "label": group.label,
                "items": [
                    {"title": item.title, "detail": item.detail, "href": item.href}
                    for item in group.items
                ],
            }
            for group in groups
        ]
    )


def _pages() -> Group:
    return Group(
        label=t("画面 | Pages"),
        items=tuple(
            Item(title=entry.label, detail=section.label, href=entry.href)
            for section in shown(current_app.extensions["sidebar"])
            for entry in section.entries
        ),
    )


def _searches() -> Group | None:
    items = tuple(Item(title=entry.label, detail="", href=entry.href) for entry in searches())
    return Group(label=t("保存した検索 | Saved searches"), items=items) if items else None


def _tables() -> Group:
    areas = current_app.extensions["appbuilder"].menu.get_list()
    return Group(
        label=t("表 | Tables"),
        items=tuple(
            Item(title=item.label, detail=area.label, href=item.href)
            for area in areas
            for item in area.childs
        ),
    )


def _actions() -> Group | None:
    held, known = rights(), generation().catalog
    if held is None:
        return None
    items = []
    for full in held.insert:
        relation = known.relations[full]
        if may("read", full) and writable(relation, held.insert[full]):
            name = label_of(relation.comment, relation.name, language())
            area = label_of(known.schemas[relation.schema], relation.schema, language())
            href = url_for("tables.add", schema=relation.schema, table=relation.name)
            title = t("{name}を登録する | Add: {name}", name=name)
            items.append(Item(title=title, detail=area, href=href))
    items.sort(key=lambda item: (item.detail, item.title))
    return Group(label=t("操作 | Actions"), items=tuple(items)) if items else None
