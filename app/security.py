"""Signing in, and rights: every question of Flask-AppBuilder is answered from the grants of the reader's role."""

import secrets
from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    redirect,
    request,
    session,
    url_for,
)
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.views import AuthDBView
from flask_appbuilder.utils.base import get_safe_redirect
from flask_jwt_extended import JWTManager, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, login_user, logout_user
from jwt.exceptions import PyJWTError
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash
from werkzeug.wrappers import Response as BaseResponse

from app import people
from app.api.tokens import SecurityApi
from app.asking import may, reader, rights, sessions_of
from app.messages import done, stop
from app.session import Reader
from app.words import LANGUAGES, t

SESSION_KEY = "opened"
LOGIN_RATE = "20 per minute"
_VERBS = {
    "can_list": "read",
    "can_show": "read",
    "can_get": "read",
    "can_info": "read",
    "can_act": "read",
    "can_add": "insert",
    "can_post": "insert",
    "can_edit": "update",
    "can_put": "update",
    "can_delete": "delete",
}
# Screens that belong to everybody who is signed in.
_FOR_ALL = {"MenuApi", "OpenApi", "PasswordView", "SecurityApi", "Home"}
log = structlog.get_logger()


class SignIn(AuthDBView):
    """Sign in and out; the session is made anew at both."""

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> Any:
        if reader():
            return redirect(get_safe_redirect(request.args.get("next") or url_for("Home.index")))
        form = LoginForm_db()
        if form.validate_on_submit():
            user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
            if user:
                target = get_safe_redirect(request.args.get("next", ""))
                user_id = user.id
                chosen = session.get("locale")
                session.clear()
                session.permanent = True
                session[SESSION_KEY] = people.session_open(
                    sessions_of().plain(), user_id, kind="page"
                )
                if chosen:
                    session["locale"] = chosen
                who = self.appbuilder.sm.load_user(user_id)
                if who is not None and login_user(who):
                    log.info("signed_in", account=who.account_id)
                    return redirect(target)
            stop(
                t(
                    "入れませんでした。ログイン名とパスワードを確かめてください。続けて失敗すると15分間入れません。 | "
                    "Not signed in. Check login name and password; after failures in a row the login "
                    "stays closed for 15 minutes."
                )
            )
        page = self.render_template(self.login_template, title=t("入る | Sign in"), form=form)
        return page, 401 if request.method == "POST" else 200

    @expose("/logout/", methods=["POST"])
    def logout(self) -> BaseResponse:
        who = reader()
        if who:
            people.session_close(sessions_of().plain(), who.web_session_id)
        logout_user()
        chosen = session.get("locale")
        session.clear()
        if chosen:
            session["locale"] = chosen
        return redirect(url_for("SignIn.login"))


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
        session[SESSION_KEY] = people.session_open(plain, who.id, kind="page")
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


class GrantSecurity(SecurityManager):
    """Flask-AppBuilder's security manager, with grants in place of its own permissions."""

    authdbview = SignIn
    security_api = SecurityApi

    @property
    def session(self) -> Session:
        return sessions_of().plain()

    def register_views(self) -> None:
        self.auth_view = self.authdbview()
        self.appbuilder.add_api(self.security_api)
        self.appbuilder.add_view_no_menu(self.auth_view)
        self.appbuilder.add_view_no_menu(PasswordView)
        limit: Any = self.limiter.limit(LOGIN_RATE, methods=["POST"])
        for blueprint in (self.auth_view.blueprint, current_app.blueprints["SecurityApi"]):
            limit(blueprint)

    def create_limiter(self, app: Flask) -> Limiter:
        limiter = Limiter(key_func=get_remote_address)
        limiter.init_app(app)
        return limiter

    def create_login_manager(self, app: Flask) -> LoginManager:
        manager: Any = super().create_login_manager(app)
        manager.session_protection = None
        return manager

    def create_jwt_manager(self, app: Flask) -> JWTManager:
        manager = super().create_jwt_manager(app)

        @manager.additional_claims_loader
        def key(user_id: str) -> dict[str, str]:
            plain = sessions_of().plain()
            return {SESSION_KEY: people.session_open(plain, int(user_id), kind="token")}

        def refused(*_: object) -> tuple[Response, int]:
            return unauthorized(), 401

        for place in (
            manager.expired_token_loader,
            manager.invalid_token_loader,
            manager.revoked_token_loader,
            manager.unauthorized_loader,
            manager.user_lookup_error_loader,
            manager.token_verification_failed_loader,
        ):
            place(refused)
        return manager

    def auth_user_db(self, username: str, password: str) -> Any:
        if (
            not username
            or not password
            or len(password) > people.PASSWORD_MAX
            or "\x00" in username + password
        ):
            return None
        if people.is_locked(self.session, username):
            # As slow as an ordinary refusal: nobody learns that the login is there.
            check_password_hash(current_app.config["AUTH_DB_FAKE_PASSWORD_HASH_CHECK"], password)
            log.warning("sign_in_refused", reason="locked")
            return None
        return super().auth_user_db(username, password)

    def update_user_auth_stat(self, user: Any, success: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's
        people.attempt_note(self.session, user.id, success=success)

    def noop_user_update(self, user: Any) -> None:  # noqa: ARG002 - the library's
        people.attempt_note(self.session, -1, success=False)

    def load_user(self, pk: int | str) -> Reader | None:
        key = session.get(SESSION_KEY)
        return people.reader_of(self.session, int(pk), key, "page") if key else None

    def load_user_jwt(self, _header: Any, claims: Any) -> Reader | None:
        key = claims.get(SESSION_KEY)
        found = people.reader_of(self.session, int(claims["sub"]), key, "token") if key else None
        if found:
            g.user = found
        return found

    def has_access(self, permission_name: str, view_name: str) -> bool:
        if reader() is None:
            return False
        if view_name in _FOR_ALL:
            return True
        if permission_name == "menu_access":
            return self.has_menu(view_name)
        verb = _VERBS.get(permission_name)
        return verb is not None and may(verb, view_name)

    def has_menu(self, name: str) -> bool:
        held = rights()
        return held is not None and (
            name in held.read or any(full.startswith(f"{name}.") for full in held.read)
        )

    def is_item_public(self, permission_name: str, view_name: str) -> bool:  # noqa: ARG002 - the library's
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        return {name for name in menu_names or () if self.has_menu(name)}


def unauthorized() -> Response:
    """The answer to a token that is missing, forged, expired or ended."""
    answer = jsonify(
        message=t(
            "このトークンでは入れません。もう一度取り直してください。 | "
            "This token opens nothing. Fetch a new one."
        )
    )
    answer.status_code = 401
    return answer


def bearer_first() -> Response | None:
    """A request with a bearer token is that token's alone: its cookie is not looked at."""
    g.bearer = request.headers.get("Authorization", "").lower().startswith("bearer ")
    if not g.bearer or not request.path.startswith("/api/"):
        g.bearer = False
        return None
    try:
        verify_jwt_in_request(locations=["headers"])
    except (JWTExtendedException, PyJWTError, ValueError, KeyError):
        return unauthorized()
    who = g.get("user")
    if not isinstance(who, Reader):
        return unauthorized()
    manager = current_app.extensions["appbuilder"].sm.lm
    manager._update_request_context_with_user(who)  # noqa: SLF001 - no public way
    return None


def csrf_check() -> None:
    """Ask for the CSRF token wherever a cookie could speak for somebody."""
    if request.method in ("GET", "HEAD", "OPTIONS", "TRACE") or g.get("bearer"):
        return
    if request.endpoint in ("SecurityApi.login", "SecurityApi.refresh"):
        return
    if request.endpoint is None and request.routing_exception is not None:
        return
    current_app.extensions["csrf"].protect()


def language_choose(locale: str) -> None:
    """Keep the language for this session, and for the account of who has signed in."""
    if locale not in LANGUAGES:
        abort(404)
    session["locale"] = locale
    who = reader()
    if who:
        people.locale_keep(sessions_of().plain(), who.account_id, locale)


def theme_choose(name: str) -> None:
    """Keep light, dark or automatic for this session, and for the account of who has signed in."""
    if name not in people.THEMES:
        abort(404)
    session["theme"] = name
    who = reader()
    if who:
        people.theme_keep(sessions_of().plain(), who.account_id, name)


def session_key_bytes(given: str) -> str:
    """The key that signs cookies and tokens; one made for this process when none is given."""
    return given or secrets.token_urlsafe(48)
