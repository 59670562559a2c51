"""Templates of documents: a shop's own, edited with a live preview, tried before they come into force."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import abort, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, reader, sessions_of, zone
from app.catalog import query
from app.desk.forms import trying
from app.desk.forms.issued import KINDS as ISSUED
from app.desk.forms.issued import NotIssuable
from app.desk.forms.trying import Busy, Fault, Kind, NoSuchOrder, Shop
from app.errors import refusal, side_of
from app.messages import done, stop
from app.words import t
from sync.render.order_pages import KINDS
from sync.render.standard import template_of

SAVE = "document.form_template_save"
VERSIONS_SHOWN = 50
BODY_MAX = 100_000
STANDARD = "0"
SAVED = "下書きとして保存しました。まだ使っていません。 | Saved as a draft; it is not in force."
TAKEN = "この版を使い始めました。 | This version is in force now."
BACK = "標準の様式に戻しました。 | The standard template is in force again."
NOT_TAKEN = (
    "下書きとして保存しました。誤りがあるので、まだ使っていません。 | "
    "Saved as a draft. It is wrong and so not in force."
)


def may_edit() -> bool:
    """Whether the reader may change templates."""
    return may("execute", SAVE)


class Forms(BaseView):
    """The templates of documents, by shop and kind."""

    route_base = "/forms"
    default_view = "index"

    @expose("/", methods=["GET"])
    def index(self) -> Any:
        """Which template each shop has in force."""
        _allow()
        kinds = _kinds()
        return self.render_template(
            "daicho/forms.html",
            title=t("帳票の様式 | Document templates"),
            shops=_shops(),
            kinds=kinds.values(),
            held={
                (row.shop_id, kind): row.version_no
                for kind in kinds
                for row in data().execute(sa.text(query("forms_held")), {"document_kind": kind})
            },
        )

    @expose("/<int:shop_id>/<kind_code>", methods=["GET"])
    def edit(self, shop_id: int, kind_code: str) -> Any:
        """Edit, beginning with the version in force or the one asked for; 0 is the standard one."""
        shop, kind = _chosen(shop_id, kind_code)
        return self._page(shop, kind, None)

    @expose("/<int:shop_id>/<kind_code>/preview.json", methods=["POST"])
    def preview(self, shop_id: int, kind_code: str) -> Any:
        """The pages of an order as pictures, or what is wrong and where."""
        shop, kind = _chosen(shop_id, kind_code)
        body = _body()
        try:
            order, _ = trying.orders_of(kind, shop, _order_no())
            found, fault = trying.shown(body, order)
        except Busy as error:
            return jsonify(message=t(str(error.__doc__))), 429
        except NoSuchOrder as error:
            return jsonify(message=t(str(error.__doc__))), 404
        except NotIssuable as error:
            return jsonify(message=str(error)), 422
        if fault and not found:
            return jsonify(fault=_said(fault), line=fault.line, column=fault.column)
        return jsonify(
            fault=_said(fault) if fault else "",
            pictures=[trying.picture(one) for one in found.shown] if found else [],
            pages=found.pages if found else 0,
            order=order.order_no,
        )

    @expose("/<int:shop_id>/<kind_code>/save", methods=["POST"])
    def save(self, shop_id: int, kind_code: str) -> Any:
        """A new version: as a draft, or in force at once when it can be set."""
        shop, kind = _chosen(shop_id, kind_code)
        body = _body()
        try:
            order, samples = trying.orders_of(kind, shop, _order_no())
            fault = trying.tried(body, order, samples)
            where = {"shop_id": shop.number, "document_kind": kind.code}
            number = int(data().scalar(sa.text(query("form_save")), {**where, "body": body}) or 0)
            data().commit()
            trying.noted(number, order, fault)
            is_wanted = request.form.get("act") == "take"
            if is_wanted and not fault:
                _take(number)
        except (DBAPIError, Busy, NoSuchOrder, NotIssuable) as error:
            return self._page(shop, kind, body, refused=_why(error)), 422
        if fault:
            return self._page(shop, kind, body, fault=fault), 422 if is_wanted else 200
        done(t(TAKEN if is_wanted else SAVED))
        return redirect(url_for("Forms.edit", shop_id=shop.number, kind_code=kind.code))

    @expose("/<int:shop_id>/<kind_code>/take/<int:version_no>", methods=["POST"])
    def take(self, shop_id: int, kind_code: str, version_no: int) -> Any:
        """Take an earlier version into force, tried anew."""
        shop, kind = _chosen(shop_id, kind_code)
        row = _version(shop, kind, version_no)
        try:
            order, samples = trying.orders_of(kind, shop, "")
            fault = trying.tried(row.body, order, samples)
            trying.noted(row.form_template_id, order, fault)
            if fault:
                stop(_said(fault))
            else:
                _take(row.form_template_id)
                done(t(TAKEN))
        except (DBAPIError, Busy) as error:
            stop(_why(error))
        return redirect(url_for("Forms.edit", shop_id=shop.number, kind_code=kind.code))

    @expose("/<int:shop_id>/<kind_code>/standard", methods=["POST"])
    def standard(self, shop_id: int, kind_code: str) -> Any:
        """Back to the standard template; the shop's versions stay."""
        shop, kind = _chosen(shop_id, kind_code)
        try:
            where = {"shop_id": shop.number, "document_kind": kind.code}
            data().execute(sa.text(query("form_standard")), where)
            data().commit()
        except DBAPIError as error:
            stop(_why(error))
        else:
            done(t(BACK))
        return redirect(url_for("Forms.edit", shop_id=shop.number, kind_code=kind.code))

    def _page(
        self,
        shop: Shop,
        kind: Kind,
        body: str | None,
        *,
        fault: Fault | None = None,
        refused: str = "",
    ) -> Any:
        versions = _versions(shop, kind)
        in_force = next((row.version_no for row in versions if row.is_in_force), None)
        asked = request.args.get("version", "")[:9]
        begun = asked if asked.isdecimal() else str(in_force or STANDARD)
        if body is None:
            is_standard = begun == STANDARD
            standard = template_of(kind.code)["main.typ"]
            body = standard if is_standard else str(_version(shop, kind, int(begun)).body)
        return self.render_template(
            "daicho/form_edit.html",
            title=side_of(kind.label),
            shop=shop,
            kind=kind,
            body=body,
            begun=int(begun),
            in_force=in_force,
            versions=versions,
            names=_names({row.saved_by for row in versions if row.saved_by}),
            moment=lambda at: f"{at.astimezone(zone()):%Y-%m-%d %H:%M}",
            order_no=_order_no(),
            fault=fault,
            fault_said=t(NOT_TAKEN) if fault else "",
            refused=refused,
            body_max=BODY_MAX,
            sees_orders=may("execute", trying.READS),
        )


def _allow() -> None:
    if reader() is None:
        abort(401)
    if not may_edit():
        abort(403)


def _chosen(shop_id: int, kind_code: str) -> tuple[Shop, Kind]:
    """The shop and the kind of an address, as far as they are the reader's."""
    _allow()
    kind = _kinds().get(kind_code)
    shop = next((one for one in _shops() if one.number == shop_id), None)
    if kind is None or shop is None:
        abort(404)
    return shop, kind


def _kinds() -> Mapping[str, Kind]:
    rows = data().execute(sa.text(query("form_kinds")))
    return {
        row.document_kind: Kind(
            code=row.document_kind,
            label=row.label,
            is_for_buyer=row.is_for_buyer,
            is_issued=row.document_kind in ISSUED,
            made_of=row.made_of,
        )
        for row in rows
        if row.document_kind in (*KINDS, *ISSUED)
    }


def _shops() -> list[Shop]:
    rows = data().execute(sa.text(query("form_shops")))
    return [
        Shop(number=row.shop_id, name=side_of(row.shop_name), locale=row.locale) for row in rows
    ]


def _versions(shop: Shop, kind: Kind) -> list[Any]:
    where = {"shop_id": shop.number, "document_kind": kind.code, "most": VERSIONS_SHOWN}
    return list(data().execute(sa.text(query("form_versions")), where))


def _version(shop: Shop, kind: Kind, version_no: int) -> Any:
    where = {"shop_id": shop.number, "document_kind": kind.code}
    where["version_no"] = version_no if version_no < 2**31 else -1
    return data().execute(sa.text(query("form_version")), where).first() or abort(404)


def _names(ids: set[int]) -> Mapping[int, str]:
    """Who saved: names come from the web login, as not everybody may read accounts."""
    rows = sessions_of().plain().execute(sa.text(query("account_names")), {"ids": sorted(ids)})
    return {row.account_id: side_of(row.display_name) for row in rows} if ids else {}


def _body() -> str:
    """What was typed; browsers send line ends of two characters, and nobody types a NUL."""
    return request.form.get("body", "").replace("\r\n", "\n").replace("\0", "")


def _order_no() -> str:
    return request.form.get("order_no", "").replace("\0", "").strip()[:100]


def _take(number: int) -> None:
    data().execute(sa.text(query("form_take")), {"form_template_id": number})
    data().commit()


def _said(fault: Fault) -> str:
    place = t(
        "{line}行{column}桁: | Line {line}, column {column}:", line=fault.line, column=fault.column
    )
    return f"{place} {fault.said}" if fault.line else fault.said


def _why(error: Exception) -> str:
    if isinstance(error, DBAPIError):
        data().rollback()
        return refusal(error, generation().catalog).sentence
    return str(error) if isinstance(error, NotIssuable) else t(str(error.__doc__))
