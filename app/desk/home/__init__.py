"""The home page: what needs a person, how today goes, and whether everything runs."""

from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, request, url_for
from flask_appbuilder import IndexView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, reader
from app.catalog import query
from app.desk.home import checks, needs, places, shops, today
from app.desk.jobs import mine
from app.errors import refusal, side_of
from app.messages import done, stop
from app.words import t

JOBS_SHOWN = 4


class Home(IndexView):
    """Each panel stands on report views, and is there for those who may read them."""

    index_template = "daicho/home.html"

    @expose("/")
    def index(self) -> Any:
        who = reader()
        if who is None:
            return redirect(url_for("SignIn.login", next=request.path))
        waiting = needs.needs()
        day = today.figures()
        connections = shops.shops()
        return self.render_template(
            self.index_template,
            title=t("ホーム | Home"),
            day=places.day(),
            now=places.clock(),
            waiting=waiting,
            today=day,
            figures=today.said(day, connections),
            hours=today.hours(request.args.get("by", ""), day),
            connections=connections,
            checks=checks.checks(),
            jobs=mine(JOBS_SHOWN),
            begin=places.begin(),
        )

    @expose("/now/checks", methods=["POST"])
    def run_checks(self) -> Any:
        """Run every check now, or ask a worker for it when it would keep a person waiting."""
        if not may("execute", "staff.checks_run"):
            abort(403)
        return _did(checks.run)

    @expose("/now/resume/<int:shop_id>", methods=["POST"])
    def resume(self, shop_id: int) -> Any:
        """Ask a paused or failing shop again, at once."""
        if not may("execute", "channel.shop_resume"):
            abort(403)
        if shop_id >= 2**63:
            abort(404)

        def ask() -> str:
            data().execute(sa.text(query("home_resume")), {"shop_id": shop_id})
            name = data().scalar(sa.text(query("home_shop_name")), {"shop_id": shop_id})
            return t("「{name}」を再開しました。 | Resumed: {name}.", name=side_of(name or ""))

        return _did(ask)


def _did(work: Any) -> Any:
    """Do it, keep it, say it, and come back to the page."""
    session = data()
    try:
        sentence = work()
        session.commit()
    except DBAPIError as error:
        session.rollback()
        stop(refusal(error, generation().catalog).sentence)
    else:
        done(sentence)
    return redirect(url_for("Home.index"))
