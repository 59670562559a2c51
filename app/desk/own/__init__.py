"""Own columns and tables: the owner adds, changes, removes and brings back, without code."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app import messages
from app.asking import data, generation, generations, may, reader, zone
from app.catalog import SCHEMAS, query
from app.desk.own.form import KINDS, given_by, helped, row_given, said_of
from app.errors import refusal, side_of
from app.fab import values
from app.words import label_of, language, t

ADD = "staff.own_column_add"
DONE = {
    "remove": "外しました。中身は残っています。 | Removed. What it holds is kept.",
    "restore": "戻しました。 | Brought back.",
    "delete": "完全に消しました。 | Deleted for good.",
}
BACK = {"remove": "restore", "restore": "remove"}


def may_own() -> bool:
    """Whether the reader may make columns and tables of the shop's own."""
    return may("execute", ADD)


class Own(BaseView):
    """The shop's own columns and tables."""

    route_base = "/own"
    default_view = "index"

    @expose("/", methods=["GET"])
    def index(self) -> Any:
        _allow()
        columns, tables = _columns(), _tables()
        living = [row for row in columns if row.removed_at is None and not row.table_is_removed]
        return self._page(
            "own",
            title=t("独自の列と表 | Own columns and tables"),
            columns=living,
            tables=[row for row in tables if row.removed_at is None],
            removed_columns=[row for row in columns if row.removed_at and not row.table_is_removed],
            removed_tables=[row for row in tables if row.removed_at],
        )

    @expose("/add-column", methods=["GET", "POST"])
    def add_column(self) -> Any:
        _allow()
        table = request.values.get("table_name", "")
        if table not in _hosts():
            return self._page(
                "own_where", title=t("独自の列を加える | Add an own column"), hosts=_hosts()
            )
        given, refused = row_given(None), dict[str, str]()
        given |= {"table_name": table, "writers": [r for r in _writers_of(table) if r != "owner"]}
        if request.method == "POST":
            given = given_by(request.form)
            number, refused = _call("own_column_add", given)
            if number is not None:
                return _told(
                    t("列を加えました。 | The column is there."), _at("column", number, "remove")
                )
        return self._form("column", t("独自の列を加える | Add an own column"), given, refused)

    @expose("/add-table", methods=["GET", "POST"])
    def add_table(self) -> Any:
        _allow()
        given, refused = row_given(None) | {"readers": ["owner"]}, dict[str, str]()
        if request.method == "POST":
            given = given_by(request.form)
            number, refused = _call("own_table_add", given)
            if number is not None:
                return _told(
                    t(
                        "表を加えました。続けて列を加えられます。 | The table is there; add its columns next."
                    ),
                    _at("table", number, "remove"),
                )
        return self._form("table", t("独自の表を加える | Add an own table"), given, refused)

    @expose("/column-<int:number>", methods=["GET", "POST"])
    def column(self, number: int) -> Any:
        return self._change("column", number, t("独自の列を変える | Change an own column"))

    @expose("/table-<int:number>", methods=["GET", "POST"])
    def table(self, number: int) -> Any:
        return self._change("table", number, t("独自の表を変える | Change an own table"))

    @expose("/<string(minlength=5,maxlength=6):kind>-<int:number>/<act>", methods=["POST"])
    def act(self, kind: str, number: int, act: str) -> Any:
        """Remove, restore or delete; what was removed is one press away from coming back."""
        _allow()
        if kind not in ("column", "table") or act not in DONE:
            abort(404)
        _, refused = _call(f"own_{kind}_{act}", {"number": _known(number)})
        if refused:
            messages.stop(" ".join(refused.values()))
            return redirect(url_for("Own.index"))
        back = _at(kind, number, BACK[act]) if act in BACK else ""
        return _told(t(DONE[act]), back)

    @expose("/<string(minlength=5,maxlength=6):kind>-<int:number>/ask", methods=["GET"])
    def ask(self, kind: str, number: int) -> Any:
        """The question before something is deleted for good: what it is, and how much would be lost."""
        _allow()
        if kind not in ("column", "table"):
            abort(404)
        row = _one(kind, number)
        wanted = {"table_number": None, "column_number": None, f"{kind}_number": number}
        try:
            loss = data().execute(sa.text(query("own_loss")), wanted).scalar_one()
        except DBAPIError as error:
            data().rollback()
            messages.stop(refusal(error, generation().catalog).sentence)
            return redirect(url_for("Own.index"))
        return self._page(
            "own_ask", title=t("完全に消す | Delete for good"), row=row, kind=kind, loss=loss
        )

    def _change(self, kind: str, number: int, title: str) -> Any:
        _allow()
        row = _one(kind, number)
        given, refused = row_given(row), dict[str, str]()
        if request.method == "POST":
            given |= given_by(request.form)
            # What cannot be changed is as it is, whatever was sent
            given |= {n: getattr(row, n, None) for n in ("table_name", "kind", "reference_table")}
            _, refused = _call(f"own_{kind}_change", given | {"number": number})
            if not refused:
                return _told(t("変えました。 | Changed."))
        return self._form(kind, title, given, refused, row)

    def _form(
        self,
        kind: str,
        title: str,
        given: Mapping[str, Any],
        refused: Mapping[str, str],
        row: Any = None,
    ) -> Any:
        roles = data().execute(sa.text(query("own_roles"))).all()
        table = given.get("table_name") or ""
        if kind == "column":
            roles = [role for role in roles if _sees(role.staff_role, table)]
        page = self._page(
            f"own_{kind}",
            title=title,
            given=given,
            refused=refused,
            row=row,
            roles=[role for role in roles if role.staff_role != "owner"],
            references=[name for name in _hosts() if len(_relation_key(name)) == 1],
        )
        return (page, 422) if refused else page

    def _page(self, template: str, **values_: Any) -> str:
        return self.render_template(
            f"daicho/{template}.html",
            side_of=side_of,
            kinds=KINDS,
            helped=helped,
            said_of=said_of,
            table_label=_table_label,
            role_labels=_role_labels,
            moment=lambda value: values.short_moment(value, zone()) if value else "—",
            **values_,
        )


def _allow() -> None:
    if reader() is None:
        abort(401)
    if not may_own():
        abort(403)


def _known(number: int) -> int:
    if number > 2**62:
        abort(404)
    return number


def _columns(number: int = 0) -> list[Any]:
    wanted = {"number": number, "schemas": list(SCHEMAS)}
    return list(data().execute(sa.text(query("own_columns")), wanted).all())


def _tables(number: int = 0) -> list[Any]:
    return list(data().execute(sa.text(query("own_tables")), {"number": number}).all())


def _one(kind: str, number: int) -> Any:
    found = (_columns if kind == "column" else _tables)(_known(number)) if number else list[Any]()
    if not found:
        abort(404)
    return found[0]


def _hosts() -> list[str]:
    known = generation().catalog.relations
    found = data().execute(sa.text(query("own_hosts"))).scalars()
    return [name for name in found if name in known and may("read", name)]


def _relation_key(name: str) -> tuple[str, ...]:
    return generation().catalog.relations[name].key


def _table_label(name: str) -> str:
    relation = generation().catalog.relations.get(name)
    return label_of(relation.comment if relation else None, name, language())


def _role_labels(codes: list[str] | None) -> str:
    if codes is None:
        return t("表を見る全員 | all who see the table")
    known = {
        row.staff_role: side_of(row.label) for row in data().execute(sa.text(query("own_roles")))
    }
    return "、".join(known[code] for code in known if code in codes)


def _sees(role: str, table: str) -> bool:
    return table in generation().rights(_role(role)).read


def _writers_of(table: str) -> list[str]:
    """The roles that change other columns of the table: likely those that will change this one."""
    roles = data().execute(sa.text(query("own_roles"))).all()
    return [
        role.staff_role
        for role in roles
        if table in generation().rights(_role(role.staff_role)).update
    ]


def _role(staff_role: str) -> str:
    return f"{current_app.config['ROLE_PREFIX']}{staff_role}"


def _call(name: str, given: Mapping[str, Any]) -> tuple[int | None, dict[str, str]]:
    """Call a function that changes the schema; its number, or what was refused at which field."""
    session = data()
    try:
        number = session.execute(sa.text(query(name)), dict(given)).scalar()
        session.commit()
    except DBAPIError as error:
        session.rollback()
        why = refusal(error, generation().catalog)
        return None, {why.column or "": why.sentence}
    # The process that changed it shows it at once; the others find it within seconds
    generations().newer()
    return number, {}


def _at(kind: str, number: int, act: str) -> str:
    return url_for("Own.act", kind=kind, number=number, act=act)


def _told(sentence: str, undo_at: str = "") -> Any:
    messages.done(sentence, undo_at=undo_at)
    return redirect(url_for("Own.index"))
