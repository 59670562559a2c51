"""People: who works here, inviting somebody, and all that one person's page does."""

from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, request, url_for
from flask_appbuilder import BaseView, expose

from app import links, people
from app.asking import data, may, may_make_people, reader, sessions_of
from app.calling import called
from app.catalog import query
from app.desk.people import sql_login
from app.errors import Refusal, side_of
from app.messages import done
from app.words import t

GIVEN = ("login_name", "display_name", "staff_role")
# What a button of a person's page does, and what it says afterwards
DEEDS = {
    "unlock": (
        "staff.account_unlock",
        "入れるようにしました。 | Opened again.",
    ),
    "withdraw": (
        "staff.account_link_end",
        "リンクを取り消しました。 | The link is withdrawn.",
    ),
    "sign-out": (
        "staff.account_tokens_end",
        "入室とトークンを終えました。 | Sessions and tokens are ended.",
    ),
    "factor": (
        "staff.second_factor_reset",
        "二段階認証を外しました。入室も終えました。 | The second factor is off, and the sessions are ended.",
    ),
    "sql-login-end": (
        "staff.sql_login_end",
        "SQL ログインをなくしました。 | The SQL login is gone.",
    ),
    "end": (
        "staff.account_end",
        "退職にしました。入室・トークン・SQL ログインは終わりました。 | Ended, with sessions, tokens and SQL login.",
    ),
    "return": (
        "staff.account_return",
        "復帰しました。リンクを作って渡します。 | Back again. Make a link and hand it over.",
    ),
}


class People(BaseView):
    """People and their logins. Grants say who may keep them, and the functions whom."""

    route_base = "/people"
    default_view = "index"

    @expose("/")
    def index(self) -> Any:
        _allow()
        found = sessions_of().plain().execute(sa.text(query("people"))).all()
        sessions_of().plain().rollback()
        return self.render_template(
            "daicho/people.html",
            title=t("人とログイン | People and logins"),
            people=found,
            side_of=side_of,
        )

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Any:
        _allow()
        refused: dict[str, str] = {}
        if request.method == "POST":
            account_id, refused = _invite()
            if account_id is not None:
                return self._linked(account_id)
        page = self.render_template(
            "daicho/person_new.html",
            title=t("人を招く | Invite a person"),
            refused=refused,
            side_of=side_of,
            **_choices(),
        )
        return (page, 422) if refused else page

    @expose("/<int:account_id>/")
    def person(self, account_id: int) -> Any:
        _allow()
        return self._page(account_id)

    @expose("/<int:account_id>/change", methods=["POST"])
    def change(self, account_id: int) -> Any:
        _allow()
        for said in _scope_fault(needed=False).values():
            return self._done(account_id, Refusal(message=said), "")
        _, why = called(
            "staff.account_change",
            account_id=account_id,
            version=request.form.get("version", type=int, default=0),
            display_name=request.form.get("display_name", "").strip(),
            staff_role=request.form.get("staff_role", ""),
            **_scope(),
        )
        return self._done(account_id, why, t("変えました。 | Changed."))

    @expose("/<int:account_id>/link", methods=["POST"])
    def link(self, account_id: int) -> Any:
        _allow()
        return self._linked(account_id)

    @expose("/<int:account_id>/sql-login", methods=["POST"])
    def sql_login(self, account_id: int) -> Any:
        _allow()
        made, why = sql_login.make(account_id)
        if why or made is None:
            return self._done(account_id, why, "")
        return self._page(account_id, sql_login=made)

    @expose("/<int:account_id>/<deed>", methods=["POST"])
    def deed(self, account_id: int, deed: str) -> Any:
        _allow()
        if deed not in DEEDS:
            abort(404)
        function, said = DEEDS[deed]
        _, why = called(function, account_id=account_id)
        return self._done(account_id, why, t(said))

    def _linked(self, account_id: int) -> Any:
        """Make a link and show it, this once."""
        key, kept = links.link_new()
        kind, why = called(
            "staff.account_link_make",
            account_id=account_id,
            link_digest=kept,
            days=request.form.get("days", type=int, default=links.DAYS),
        )
        if why:
            return self._done(account_id, why, "")
        address = url_for("Welcome.come", key=key, _external=True)
        return self._page(account_id, link=address, link_kind=kind)

    def _done(self, account_id: int, why: Refusal | None, said: str) -> Any:
        if why is None:
            done(said)
            return redirect(url_for("People.person", account_id=account_id))
        return self._page(account_id, problem=why)

    def _page(self, account_id: int, *, problem: Refusal | None = None, **shown: Any) -> Any:
        plain = sessions_of().plain()
        found = plain.execute(sa.text(query("person")), {"account_id": account_id}).one_or_none()
        plain.rollback()
        if found is None:
            abort(404)
        who = reader()
        page = self.render_template(
            "daicho/person.html",
            title=side_of(found.display_name),
            person=found,
            is_self=who is not None and who.account_id == account_id,
            problem=problem,
            days=links.DAYS,
            side_of=side_of,
            may=may,
            shown=shown,
            **_choices(),
        )
        return page, (problem.status if problem else 200)


def _allow() -> None:
    """Whoever may invite people by grant may look after them."""
    if reader() is None:
        abort(401)
    if not may_make_people():
        abort(403)


def _choices() -> dict[str, Any]:
    """The roles, shops and warehouses that the reader has to give."""
    who = reader()
    if who is None:
        abort(401)
    plain = sessions_of().plain()
    roles = plain.execute(sa.text(query("roles_within")), {"staff_role": who.staff_role}).all()
    plain.rollback()
    scopes = data().execute(sa.text(query("scopes"))).all()
    return {
        "roles": roles,
        "shops": [row for row in scopes if row.kind == "shop"],
        "warehouses": [row for row in scopes if row.kind == "warehouse"],
    }


def _scope() -> dict[str, object]:
    return {
        "sees_all_shops": request.form.get("sees_all_shops") == "1",
        "sees_all_warehouses": request.form.get("sees_all_warehouses") == "1",
        "shop_ids": _numbers("shop_ids"),
        "warehouse_ids": _numbers("warehouse_ids"),
    }


def _scope_fault(*, needed: bool) -> dict[str, str]:
    """What is wrong with the shops and warehouses ticked, by the field: all and single ones, or none."""
    fault: dict[str, str] = {}
    for name, of_all in (("shop_ids", "sees_all_shops"), ("warehouse_ids", "sees_all_warehouses")):
        single, everything = _numbers(name), request.form.get(of_all) == "1"
        if single and everything:
            fault[of_all] = t(
                "「すべて」か個々か、どちらかだけを選んでください。 | Tick either all or single ones, not both."
            )
        elif needed and not single and not everything:
            fault[of_all] = t("見る範囲を選んでください。 | Choose what the person sees.")
    return fault


def _numbers(name: str) -> list[int]:
    said = request.form.getlist(name)
    return sorted(
        {int(text) for text in said if text.isascii() and text.isdigit() and len(text) < 19}
    )


def _invite() -> tuple[int | None, dict[str, str]]:
    given = {name: request.form.get(name, "").strip() for name in GIVEN}
    refused = {
        name: t("必ず入れてください。 | This must be filled in.")
        for name, said in given.items()
        if not said
    } | _scope_fault(needed=True)
    if refused:
        return None, refused
    # Nobody knows this password: the person sets theirs by the link
    password = people.password_hash(people.password_new())
    account_id, why = called("staff.account_invite", **given, **_scope(), password=password)
    if why or not isinstance(account_id, int):
        column = why.column if why else None
        said = why.sentence if why else ""
        return None, {column if column in (*GIVEN, "sees_all_shops") else "login_name": said}
    return account_id, {}
