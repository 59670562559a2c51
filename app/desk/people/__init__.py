"""People: the owner makes web logins and new passwords."""

from typing import Any

import sqlalchemy as sa
from flask import abort, request
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app import people
from app.asking import generation, may_make_people, reader, sessions_of
from app.catalog import query
from app.errors import refusal, side_of
from app.words import t


class People(BaseView):
    """Web logins of accounts. Only who may change the role of an account may make one."""

    route_base = "/people"
    default_view = "index"

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Any:
        _allow()
        refused: dict[str, str] = {}
        made: tuple[str, str] | None = None
        if request.method == "POST":
            made, refused = _make()
        page = self._page(made, refused)
        return (page, 422) if refused else page

    @expose("/<int:account_id>/password", methods=["POST"])
    def password(self, account_id: int) -> Any:
        _allow()
        made = people.password_reset(sessions_of().plain(), account_id)
        if made is None:
            abort(404)
        return self._page(made, {})

    def _page(self, made: tuple[str, str] | None, refused: dict[str, str]) -> str:
        plain = sessions_of().plain()
        return self.render_template(
            "daicho/people.html",
            title=t("担当者 | People"),
            people=plain.execute(sa.text(query("people"))).all(),
            roles=plain.execute(sa.text(query("staff_roles"))).all(),
            made=made,
            refused=refused,
            side_of=side_of,
        )


def _allow() -> None:
    """Whoever may change an account's role by grant may make accounts."""
    if reader() is None:
        abort(401)
    if not may_make_people():
        abort(403)


def _make() -> tuple[tuple[str, str] | None, dict[str, str]]:
    plain = sessions_of().plain()
    given = {
        name: request.form.get(name, "").strip()
        for name in ("login_name", "display_name", "staff_role")
    }
    refused = {
        name: t("必ず入れてください。 | This must be filled in.")
        for name, said in given.items()
        if not said or "\x00" in said
    }
    if refused:
        return None, refused
    try:
        made = people.account_make(
            plain,
            **given,
            sees_all_shops=bool(request.form.get("sees_all_shops")),
            sees_all_warehouses=bool(request.form.get("sees_all_warehouses")),
        )
    except DBAPIError as error:
        plain.rollback()
        relation = generation().catalog.relations["staff.account"]
        why = refusal(error, generation().catalog, relation)
        return None, {why.column if why.column in given else "login_name": why.sentence}
    return made, {}
