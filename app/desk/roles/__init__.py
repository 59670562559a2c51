"""Roles: what each may do, read from the grants, and the shop's own, changed with a preview."""

import json
from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, request, url_for
from flask_appbuilder import BaseView, expose

from app.asking import generation, generations, may, reader, rights, role_of, sessions_of
from app.calling import called
from app.catalog import Rights, query
from app.desk.roles.matrix import Grants, areas_of, changes, choices_of, grants_said
from app.errors import Refusal, side_of
from app.messages import done
from app.session import Reader
from app.words import t

COMMON = "staff"


class Roles(BaseView):
    """Whoever may read the roles sees all of them; everybody sees their own."""

    route_base = "/roles"
    default_view = "index"

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Any:
        who = _who()
        if not may("read", "staff.staff_role"):
            return redirect(url_for("Roles.role", staff_role=who.staff_role))
        refused: dict[str, str] = {}
        if request.method == "POST":
            made, refused = _make()
            if made:
                done(t("役割を作りました。 | The role is made."))
                return redirect(url_for("Roles.role", staff_role=made))
        page = self.render_template(
            "daicho/roles.html",
            title=t("役割 | Roles"),
            roles=_roles(who),
            may_make=may("execute", "staff.role_make"),
            refused=refused,
            side_of=side_of,
        )
        return (page, 422) if refused else page

    @expose("/<staff_role>/")
    def role(self, staff_role: str) -> Any:
        return self._page(staff_role)

    @expose("/<staff_role>/edit", methods=["GET", "POST"])
    def edit(self, staff_role: str) -> Any:
        """Choose what the role holds; the first answer is the difference, the second does it."""
        who = _who()
        role = _role(who, staff_role)
        if not _may_edit(who, role):
            abort(403)
        before = _grants(staff_role)
        after = grants_said(request.form.getlist("grant")) if request.method == "POST" else before
        version = request.form.get("version", type=int, default=role.version)
        problem = None
        if request.form.get("confirm"):
            _, problem = called(
                "staff.role_grants_set",
                staff_role=staff_role,
                version=version,
                grants=json.dumps(
                    [
                        {"object_name": name, "verb": verb, "columns": sorted(columns)}
                        for (name, verb), columns in after.items()
                    ]
                ),
            )
            if problem is None:
                generations().refresh()
                done(t("役割を変えました。 | The role is changed."))
                return redirect(url_for("Roles.role", staff_role=staff_role))
        catalog, mine = generation().catalog, rights()
        if mine is None:
            abort(401)
        page = self.render_template(
            "daicho/role_edit.html",
            title=side_of(role.label),
            role=role,
            version=version,
            held=choices_of(catalog, after, mine, _rights_of(COMMON)),
            changes=changes(catalog, before, after) if request.method == "POST" else None,
            said=request.form.getlist("grant"),
            problem=problem,
            side_of=side_of,
        )
        return page, problem.status if problem else 200

    @expose("/<staff_role>/name", methods=["POST"])
    def name(self, staff_role: str) -> Any:
        _who()
        _, why = called(
            "staff.role_name_set",
            staff_role=staff_role,
            version=_version(),
            label=request.form.get("label", "").strip(),
            purpose=request.form.get("purpose", "").strip(),
        )
        return self._done(staff_role, why, t("名前を変えました。 | The name is changed."))

    @expose("/<staff_role>/second-factor", methods=["POST"])
    def second_factor(self, staff_role: str) -> Any:
        _who()
        needed = request.form.get("needed") == "1"
        _, why = called("staff.role_second_factor_set", staff_role=staff_role, needed=needed)
        said = (
            t("二段階認証を求めます。 | A second factor is asked for.")
            if needed
            else t("二段階認証は求めません。 | A second factor is not asked for.")
        )
        return self._done(staff_role, why, said)

    @expose("/<staff_role>/end", methods=["POST"])
    def end(self, staff_role: str) -> Any:
        _who()
        _, why = called("staff.role_end", staff_role=staff_role, version=_version())
        if why is None:
            done(t("役割を終えました。 | The role is ended."))
            return redirect(url_for("Roles.index"))
        return self._done(staff_role, why, "")

    def _done(self, staff_role: str, why: Refusal | None, said: str) -> Any:
        if why is None:
            done(said)
            return redirect(url_for("Roles.role", staff_role=staff_role))
        return self._page(staff_role, why)

    def _page(self, staff_role: str, problem: Refusal | None = None) -> Any:
        who = _who()
        if staff_role != who.staff_role and not may("read", "staff.staff_role"):
            abort(403)
        role = _role(who, staff_role)
        areas = (
            []
            if role.ended_at
            else areas_of(generation().catalog, _rights_of(staff_role), _rights_of(COMMON))
        )
        page = self.render_template(
            "daicho/role.html",
            title=side_of(role.label),
            role=role,
            held=areas,
            may_edit=_may_edit(who, role),
            may_need=role.is_within and may("execute", "staff.role_second_factor_set"),
            may_list=may("read", "staff.staff_role"),
            problem=problem,
            side_of=side_of,
        )
        return page, problem.status if problem else 200


def _who() -> Reader:
    who = reader()
    if who is None:
        abort(401)
    return who


def _version() -> int:
    return request.form.get("version", type=int, default=0)


def _roles(who: Reader, staff_role: str | None = None) -> list[Any]:
    plain = sessions_of().plain()
    given = {"held": who.staff_role, "staff_role": staff_role}
    found = plain.execute(sa.text(query("roles")), given).all()
    plain.rollback()
    return list(found)


def _role(who: Reader, staff_role: str) -> Any:
    found = _roles(who, staff_role)
    if not found:
        abort(404)
    return found[0]


def _may_edit(who: Reader, role: Any) -> bool:
    """Whether the functions would let the reader change it: the shop's own, within theirs, not theirs."""
    return (
        may("execute", "staff.role_grants_set")
        and role.is_own
        and role.is_within
        and role.ended_at is None
        and role.staff_role != who.staff_role
    )


def _rights_of(staff_role: str) -> Rights:
    prefix = role_of(_who()).removesuffix(_who().staff_role)
    return generation().rights(prefix + staff_role)


def _grants(staff_role: str) -> Grants:
    plain = sessions_of().plain()
    rows = plain.execute(sa.text(query("role_grants")), {"staff_role": staff_role}).all()
    plain.rollback()
    return {(row.object_name, row.verb): frozenset(row.columns) for row in rows}


def _make() -> tuple[str | None, dict[str, str]]:
    given = {
        name: request.form.get(name, "").strip()
        for name in ("staff_role", "label", "purpose", "copied_from")
    }
    refused = {
        name: t("必ず入れてください。 | This must be filled in.")
        for name, said in given.items()
        if not said
    }
    if refused:
        return None, refused
    made, why = called("staff.role_make", **given)
    if why:
        return None, {why.column if why.column in given else "staff_role": why.sentence}
    generations().refresh()
    return str(made), {}
