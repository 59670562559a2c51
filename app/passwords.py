"""Changing one's own password, and which passwords are too weak."""

from typing import Any

from flask import redirect, request, session, url_for
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from werkzeug.security import check_password_hash
from werkzeug.wrappers import Response as BaseResponse

from app import people
from app.asking import reader, sessions_of
from app.messages import done
from app.session import SESSION_KEY, Reader
from app.words import t


class PasswordView(BaseView):
    """Change one's own password."""

    route_base = "/password"
    default_view = "change"

    @expose("/", methods=["GET", "POST"])
    def change(self) -> Any:
        who = reader()
        if who is None:
            return redirect(url_for("SignIn.login", next=request.path))
        refused: dict[str, str] = {}
        if request.method == "POST":
            refused = self._refused(who)
            if not refused:
                return self._changed(who)
        page = self.render_template(
            "daicho/password.html", title=t("パスワードを変える | Change password"), refused=refused
        )
        return page, 422 if refused else 200

    def _refused(self, who: Reader) -> dict[str, str]:
        manager = self.appbuilder.sm
        user = manager.get_user_by_id(who.id)
        refused = {}
        if not check_password_hash(user.password or "", request.form.get("current", "")):
            refused["current"] = t("今のパスワードが違います。 | This is not your password.")
        if problem := password_problem(request.form.get("new", ""), who.login_name):
            refused["new"] = problem
        if request.form.get("new") != request.form.get("again"):
            refused["again"] = t("二つが同じではありません。 | The two are not the same.")
        return refused

    def _changed(self, who: Reader) -> BaseResponse:
        plain = sessions_of().plain()
        user = self.appbuilder.sm.get_user_by_id(who.id)
        user.password = people.password_hash(request.form["new"])
        plain.commit()
        people.sessions_close(plain, who.id)
        session[SESSION_KEY] = people.session_open(
            plain, who.id, kind="page", agent=request.user_agent.string
        )
        done(
            t(
                "パスワードを変えました。ほかの場所では入り直してください。 | Password changed. Sign in again elsewhere."
            )
        )
        return redirect(url_for("Home.index"))


def password_problem(password: str, login: str) -> str | None:
    """Why a password is too weak, or None: length counts most, as NIST SP 800-63B has it."""
    if not people.PASSWORD_MIN <= len(password) <= people.PASSWORD_MAX:
        return t(
            "{low}文字から{high}文字にしてください。 | Use {low} to {high} characters.",
            low=people.PASSWORD_MIN,
            high=people.PASSWORD_MAX,
        )
    if len(set(password)) < 6 or login.lower() in password.lower() or "\x00" in password:
        return t(
            "ログイン名を含まず、6種類以上の文字を使ってください。 | "
            "Leave out the login name, and use six or more different characters."
        )
    return None
