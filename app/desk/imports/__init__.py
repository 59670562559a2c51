"""Order files: send one, look at what it holds, take it in, and see the result."""

import os
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, current_app, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, reader
from app.catalog import query
from app.errors import refusal, side_of
from app.messages import stop
from app.words import t

ASK = "transit.file_import_ask"
# A year of a large shop, packed or not; what a worker unpacks has a limit of its own
UPLOAD_MAX = 64 * 1024 * 1024
PART = 1024 * 1024
PACKED = (".xz", ".gz")
FACTS = (
    ("rows_read", "読んだ行 | Rows read"),
    ("orders_accepted", "受注 | Orders"),
    ("lines_accepted", "明細 | Lines"),
    ("orders_changed", "変わった受注 | Orders changed"),
    ("orders_cancelled", "キャンセルされた受注 | Orders cancelled"),
    ("unchanged", "前と同じもの | Unchanged"),
    ("cancellations_matched", "売上に結んだ取消 | Cancelled lines matched"),
    ("adjustments", "在庫調整 | Adjustments of stock"),
    ("skus_made", "新しい SKU | New SKUs"),
    ("set_aside_total", "要対応へ | Set aside"),
)


class Imports(BaseView):
    """Files of orders. Who may call `transit.file_import_ask` may send one."""

    route_base = "/imports"
    default_view = "index"

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Any:
        _allow()
        if request.method == "POST":
            return self._sent()
        return self._page({})

    @expose("/<int:number>", methods=["GET"])
    def show(self, number: int) -> Any:
        _allow()
        found = data().execute(sa.text(query("import_list")), {"number": number}).all()
        if not found or number == 0:
            abort(404)
        return self.render_template(
            "daicho/import.html",
            title=found[0].file_name,
            one=found[0],
            facts=FACTS,
            side_of=side_of,
        )

    @expose("/<int:number>/take", methods=["POST"])
    def take(self, number: int) -> Any:
        """Take in what was only looked at so far."""
        _allow()
        found = data().execute(sa.text(query("import_list")), {"number": number}).all()
        if not found or number == 0 or not found[0].is_dry_run or not found[0].summary:
            abort(404)
        one = found[0]
        if not (_folder() / one.stored_as).is_file():
            stop(
                t(
                    "ファイルは消されています。もう一度送ってください。 | The file is gone: send it again."
                )
            )
            return redirect(url_for("Imports.index"))
        return _asked(
            one.shop_id, one.map_code, one.is_history, False, one.file_name, one.stored_as
        )

    def _page(self, refused: dict[str, str]) -> str:
        session = data()
        return self.render_template(
            "daicho/imports.html",
            title=t("受注ファイルの取込 | Import of order files"),
            shops=session.execute(sa.text(query("import_shops"))).all(),
            maps=session.execute(sa.text(query("import_maps"))).all(),
            imports=session.execute(sa.text(query("import_list")), {"number": 0}).all(),
            refused=refused,
            side_of=side_of,
            upload_max=UPLOAD_MAX,
        )

    def _sent(self) -> Any:
        sent = request.files.get("file")
        refused: dict[str, str] = {}
        if sent is None or not sent.filename:
            refused["file"] = t("ファイルを選んでください。 | Choose a file.")
        shop_id = request.form.get("shop_id", "")
        if not shop_id.isascii() or not shop_id.isdigit() or len(shop_id) > 18:
            refused["shop_id"] = t("店舗を選んでください。 | Choose a shop.")
        map_code = request.form.get("map_code", "")
        if not map_code or "\x00" in map_code:
            refused["map_code"] = t("対応表を選んでください。 | Choose a column map.")
        if refused or sent is None or not sent.filename:
            return self._page(refused), 422
        name = Path(sent.filename.replace("\\", "/")).name.replace("\x00", "")[:200] or "file"
        stored = uuid.uuid4().hex + next((end for end in PACKED if name.lower().endswith(end)), "")
        _keep(sent.stream, stored)
        try:
            return _asked(
                int(shop_id), map_code, bool(request.form.get("is_history")), True, name, stored
            )
        except DBAPIError as error:
            data().rollback()
            (_folder() / stored).unlink(missing_ok=True)
            why = refusal(
                error, generation().catalog, generation().catalog.relations["transit.file_import"]
            )
            return self._page({"shop_id": why.sentence}), 422


def _allow() -> None:
    if reader() is None:
        abort(401)
    if not may("execute", ASK):
        abort(403)


def _folder() -> Path:
    return Path(current_app.config["IMPORTS"])


def _keep(stream: Any, stored: str) -> None:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(
        os.open(folder / stored, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
    ) as kept:
        while part := stream.read(PART):
            kept.write(part)


def _asked(*values: Any) -> Any:
    names = ("shop_id", "map_code", "is_history", "is_dry_run", "file_name", "stored_as")
    session = data()
    number = session.execute(
        sa.text(query("import_ask")), dict(zip(names, values, strict=True))
    ).scalar_one()
    session.commit()
    return redirect(url_for("Imports.show", number=number))


def allow_large(app: Flask) -> None:
    """Let the one page that takes files take large ones; every other keeps the small limit."""

    @app.before_request
    def larger() -> None:
        if request.method == "POST" and request.endpoint == "Imports.index":
            request.max_content_length = UPLOAD_MAX
