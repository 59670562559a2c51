"""Signing in, and rights: every question of Flask-AppBuilder is answered from the grants of the reader's role."""

import secrets
import time
from typing import Any

import sqlalchemy as sa
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
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.views import AuthDBView
from flask_appbuilder.utils.base import get_safe_redirect
from flask_jwt_extended import JWTManager
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash
from werkzeug.wrappers import Response as BaseResponse

from app import factor, people
from app.api.tokens import SecurityApi
from app.asking import may, reader, rights, sessions_of
from app.bearer import unauthorized
from app.catalog import query
from app.messages import stop
from app.session import SESSION_KEY, Reader
from app.words import LANGUAGES, t

BEGUN_KEY = "begun"
BEGUN_LASTS_S = 300
CODE_MAX = 100
LOGIN_RATE = "20 per minute"
WELCOME_RATE = "60 per minute"
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
# What somebody reaches who still has to set up the second factor that their role needs.
_WITHOUT_FACTOR = {
    "Me.index",
    "Me.begin",
    "SignIn.login",
    "SignIn.logout",
    "PasswordView.change",
    "language.choose",
    "language.theme",
    "health.healthz",
    "health.readyz",
}
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
                known = factor_of(user.id)
                if known is not None and known.has_factor:
                    return _ask_code(user.id, target)
                if self._enter(user.id):
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

    @expose("/login/code/", methods=["GET", "POST"])
    @no_cache
    def code(self) -> Any:
        """Ask for the second factor of whoever has just given the right password."""
        begun = session.get(BEGUN_KEY) or {}
        known = factor_of(begun["user"]) if begun.get("until", 0) > time.time() else None
        if known is None or not known.has_factor:
            session.pop(BEGUN_KEY, None)
            return redirect(url_for("SignIn.login"))
        refused = ""
        if request.method == "POST":
            if self._is_right(begun["user"], known, request.form.get("code", "")[:CODE_MAX]):
                if self._enter(begun["user"]):
                    return redirect(get_safe_redirect(begun["next"]))
                session.pop(BEGUN_KEY, None)
                return redirect(url_for("SignIn.login"))
            refused = t(
                "この番号では入れません。今の番号か、まだ使っていない予備コードを入れます。続けて失敗すると15分間入れません。 | "
                "This code opens nothing. Enter the one of now or an unused recovery code; after failures in a "
                "row the login stays closed for 15 minutes."
            )
        page = self.render_template(
            "daicho/code.html", title=t("二段階認証 | Second factor"), refused=refused
        )
        return page, 401 if refused else 200

    def _is_right(self, user_id: int, known: Any, said: str) -> bool:
        plain, vault = sessions_of().plain(), current_app.extensions["vault"]
        if people.is_locked(plain, known.login_name):
            log.warning("sign_in_refused", reason="locked")
            return False
        right = factor.check(plain, vault, known.account_id, said, time.time())
        people.attempt_note(plain, user_id, success=right)
        return right

    def _enter(self, user_id: int) -> bool:
        """Open a session of its own, on a cookie made anew."""
        _cookie_anew()
        session.permanent = True
        session[SESSION_KEY] = people.session_open(
            sessions_of().plain(), user_id, kind="page", agent=request.user_agent.string
        )
        who = self.appbuilder.sm.load_user(user_id)
        if who is None or not login_user(who):
            return False
        session["spoken"] = who.locale
        log.info("signed_in", account=who.account_id)
        return True

    @expose("/logout/", methods=["POST"])
    def logout(self) -> BaseResponse:
        who = reader()
        if who:
            people.session_close(sessions_of().plain(), who.web_session_id)
        logout_user()
        _cookie_anew()
        return redirect(url_for("SignIn.login"))


def _cookie_anew() -> None:
    """Forget all that the cookie held but how its reader likes the pages."""
    kept = {name: session[name] for name in ("locale", "theme", "spoken") if name in session}
    session.clear()
    session.update(kept)


def factor_of(user_id: int) -> Any:
    """The account of a login and whether it has a second factor; None when the account has ended."""
    plain = sessions_of().plain()
    found = plain.execute(sa.text(query("factor_of_user")), {"user_id": user_id}).one_or_none()
    plain.rollback()
    return found


def _ask_code(user_id: int, target: str) -> BaseResponse:
    """Go on to the second factor; the cookie says who gave a password, for five minutes."""
    _cookie_anew()
    session[BEGUN_KEY] = {"user": user_id, "until": time.time() + BEGUN_LASTS_S, "next": target}
    return redirect(url_for("SignIn.code"))


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
        user = super().auth_user_db(username, password)
        if user and request.endpoint == "SecurityApi.login":
            known = factor_of(user.id)
            if known is None or known.has_factor:
                # A password alone is half of it: programs of such a person use an API token
                log.warning("sign_in_refused", reason="second_factor")
                return None
        return user

    def update_user_auth_stat(self, user: Any, success: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's
        known = factor_of(user.id) if success else None
        if known is None or not known.has_factor:
            # With a second factor half a success does not undo the failures before it
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


def factor_first() -> BaseResponse | tuple[Response, int] | None:
    """Whoever needs a second factor and has none does nothing before they have one."""
    who = reader()
    if who is None or not who.needs_factor or who.has_factor:
        return None
    if request.endpoint in _WITHOUT_FACTOR or (request.endpoint or "static").endswith("static"):
        return None
    is_page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if request.path.startswith(("/api/", "/lookup/")) or not is_page:
        return jsonify(
            message=t(
                "あなたの役割には二段階認証が要ります。画面で設定します。 | "
                "Your role needs a second factor. Set it up on the screens."
            )
        ), 403
    return redirect(url_for("Me.index"))


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
