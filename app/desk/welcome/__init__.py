"""Where the link of an invitation or a reset leads: the person sets their password and language."""

from typing import Any

import structlog
from flask import redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from werkzeug.wrappers import Response

from app import links
from app.asking import sessions_of
from app.messages import done
from app.passwords import password_problem
from app.words import LANGUAGES, language, t

GUEST_KEY = "guest"
KEY_MAX = 100
log = structlog.get_logger()


class Welcome(BaseView):
    """One page for whoever holds a link; nobody is signed in by it."""

    route_base = "/welcome"
    default_view = "index"

    @expose("/<key>")
    def come(self, key: str) -> Response:
        # Out of the address at once: it would stand in histories and in what a page tells the next one
        session[GUEST_KEY] = key[:KEY_MAX]
        return redirect(url_for("Welcome.index"))

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Any:
        key = session.get(GUEST_KEY, "")
        plain = sessions_of().plain()
        guest = links.guest_of(plain, key) if key else None
        refused: dict[str, str] = {}
        if guest and request.method == "POST":
            refused = _refused(guest.login_name)
            if not refused:
                locale = request.form.get("locale", guest.locale)
                account_id = links.link_take(
                    plain, key, request.form["new"], locale if locale in LANGUAGES else language()
                )
                if account_id is not None:
                    log.info("password_set_by_link", account=account_id, kind=guest.kind)
                    return _welcomed(locale)
                guest = None
        if guest is None:
            session.pop(GUEST_KEY, None)
        page = self.render_template(
            "daicho/welcome.html",
            title=t("パスワードを決める | Set your password"),
            guest=guest,
            refused=refused,
            languages=LANGUAGES,
        )
        return page, 410 if guest is None else 422 if refused else 200


def _refused(login_name: str) -> dict[str, str]:
    refused = {}
    if problem := password_problem(request.form.get("new", ""), login_name):
        refused["new"] = problem
    if request.form.get("new") != request.form.get("again"):
        refused["again"] = t("二つが同じではありません。 | The two are not the same.")
    return refused


def _welcomed(locale: str) -> Response:
    session.clear()
    if locale in LANGUAGES:
        session["locale"] = locale
    done(t("パスワードを決めました。ログインしてください。 | Your password is set. Sign in."))
    return redirect(url_for("SignIn.login"))
