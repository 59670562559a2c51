"""What staff see: create_app() wires the generated admin; it holds no logic."""

import logging
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from app import api, kept, pages, web
from app.asking import reader
from app.bearer import bearer_first
from app.desk.bulk import Bulk
from app.desk.changes import Changes
from app.desk.counts import counts_blueprint
from app.desk.documents import Documents
from app.desk.exports import exports_blueprint
from app.desk.find import KINDS, Find
from app.desk.forms import Forms
from app.desk.home import Home
from app.desk.imports import Imports, allow_large
from app.desk.inquiries import Inquiries
from app.desk.jobs import Jobs, jobs_told
from app.desk.mails import VIEWS as MAIL_VIEWS
from app.desk.manual import Manual
from app.desk.me import Me
from app.desk.own import Own
from app.desk.people import People
from app.desk.roles import Roles
from app.desk.searches import Searches
from app.desk.statements import Statements
from app.desk.welcome import Welcome
from app.fab import routes
from app.generation import Generations
from app.passwords import PasswordView
from app.people import SESSION_LASTS, TOKEN_LASTS
from app.screens import SCREENS, SIDEBAR
from app.security import (
    WELCOME_RATE,
    GrantSecurity,
    csrf_check,
    factor_first,
    session_key_bytes,
)
from app.session import sessions
from app.words import DEFAULT_LANGUAGE, language
from config import Settings
from vault import Vault

BODY_MAX = 4 * 1024 * 1024
FORM_PARTS_MAX = 2_000
HOSTS = ("localhost", "127.0.0.1", "[::1]", "::1")


def create_app(settings: Settings, *, hosts: tuple[str, ...] = HOSTS) -> Flask:
    """Make the web application; `hosts` are the names under which it may be addressed.

    An empty tuple of hosts takes any name: for a proxy in front that checks them itself.
    """
    app = Flask(__name__)
    app.config.update(_config(settings, hosts))
    app.session_interface = web.SafeCookies()
    logging.getLogger("flask_appbuilder").setLevel(logging.ERROR)
    app.extensions["sessions"] = made = sessions(
        settings.web_database_url, reader, settings.role_prefix
    )
    app.extensions["vault"] = Vault(settings.secret_keys)
    app.extensions["generations"] = Generations(made.engine, made.watch)
    with app.app_context():
        builder = routes.GrantAppBuilder(
            app,
            made.data,  # pyright: ignore[reportArgumentType]  # stands for its sessions
            menu=routes.GrantMenu(),
            indexview=Home,
            security_manager_class=GrantSecurity,
            update_perms=False,
        )
        app.extensions["babel"].locale_selector = language
        for desk in (People, Roles, Me, PasswordView):
            builder.add_view_no_menu(desk)
        welcome: Any = builder.add_view_no_menu(Welcome)
        builder.sm.limiter.limit(WELCOME_RATE)(welcome.blueprint)
        builder.add_view_no_menu(Imports)
        builder.add_view_no_menu(Statements)
        builder.add_view_no_menu(Jobs)
        builder.add_view_no_menu(Changes)
        builder.add_view_no_menu(Bulk)
        builder.add_view_no_menu(Documents)
        builder.add_view_no_menu(Forms)
        builder.add_view_no_menu(Inquiries)
        for desk in MAIL_VIEWS:
            builder.add_view_no_menu(desk)
        builder.add_view_no_menu(Searches)
        builder.add_view_no_menu(Own)
        builder.add_view_no_menu(Find)
        builder.add_view_no_menu(Manual)
        routes.register(app, SCREENS)
        api.register(app, {kind: relation for kind, (_, relation) in KINDS.items()})
    app.extensions["sidebar"] = SIDEBAR
    app.register_blueprint(web.health_blueprint(settings))
    app.register_blueprint(web.language_blueprint())
    app.add_url_rule("/jobs.json", "Jobs.running", jobs_told)
    app.register_blueprint(exports_blueprint())
    app.register_blueprint(counts_blueprint())
    CSRFProtect(app)
    allow_large(app)
    app.before_request(bearer_first)
    app.before_request(csrf_check)
    app.before_request(factor_first)
    app.after_request(web.headers)
    kept.register(app)
    web.errors(app)
    pages.register(app)

    @app.teardown_appcontext
    def give_back(_error: BaseException | None) -> None:
        made.remove()

    return app


def _config(settings: Settings, hosts: tuple[str, ...]) -> dict[str, object]:
    return {
        "APP_NAME": "Daicho",
        "SECRET_KEY": session_key_bytes(settings.session_key),
        "ROLE_PREFIX": settings.role_prefix,
        "ZONE": ZoneInfo("Asia/Tokyo"),
        "TRUSTED_HOSTS": list(hosts) or None,
        "IMPORTS": settings.data / "files" / "imports",
        "EXPORTS": settings.data / "files" / "exports",
        "MAX_CONTENT_LENGTH": BODY_MAX,
        "MAX_FORM_MEMORY_SIZE": BODY_MAX,
        "MAX_FORM_PARTS": FORM_PARTS_MAX,
        "PERMANENT_SESSION_LIFETIME": SESSION_LASTS,
        "SESSION_COOKIE_NAME": "daicho",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "JWT_ACCESS_TOKEN_EXPIRES": TOKEN_LASTS,
        "JWT_REFRESH_TOKEN_EXPIRES": TOKEN_LASTS,
        "JWT_TOKEN_LOCATION": ["headers"],
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": DEFAULT_LANGUAGE,
        "LANGUAGES": {
            "ja": {"flag": "jp", "name": "日本語"},
            "en": {"flag": "gb", "name": "English"},
        },
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_BASE_TEMPLATE": "daicho/base.html",
        "FAB_PASSWORD_COMPLEXITY_ENABLED": True,
        "FAB_API_MAX_PAGE_SIZE": 1_000,
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_KEY_PREFIX": "daicho",
    }
