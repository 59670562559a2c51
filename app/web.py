"""What every answer has: security headers, sentences for errors, health, the language."""

import secrets
from http import HTTPStatus
from io import BytesIO
from typing import Any

import redis
import sqlalchemy as sa
import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask_appbuilder.utils.base import get_safe_redirect
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, SecurityError

from app import kept
from app.asking import generation, reader, sessions_of
from app.catalog import query
from app.errors import frames, refusal
from app.security import language_choose, theme_choose
from app.words import language, t
from config import Settings

FOR_EVER = "public, max-age=31536000, immutable"
# A mail's own page inside ours: its styles, pictures that it carries, and nothing from anywhere else
FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
log = structlog.get_logger()
_SAID = {
    400: "この要求は読めません。 | This request cannot be read.",
    401: "入っていません。入り直してください。 | You are not signed in. Sign in again.",
    403: "この画面・操作はあなたの役割では使えません。 | Your role may not use this.",
    404: "このページはありません。 | There is no such page.",
    405: "この操作はできません。 | This cannot be done here.",
    409: "ほかの操作とぶつかりました。 | This collided with somebody else's work.",
    410: "もうありません。 | It is gone.",
    413: "大きすぎます。小さく分けてください。 | This is too large. Divide it.",
    415: "この形式は受け取れません。 | This format is not taken.",
    422: "受け付けられません。 | This cannot be taken.",
    429: "回数が多すぎます。少し待ってください。 | Too many attempts. Wait a moment.",
    500: "思いがけない不具合です。記録しました。もう一度ためし、続くなら番号を管理者へ。 | "
    "Something unexpected happened; it was logged. Try again, and give the number to whoever runs this.",
    503: "いまつながりません。少し待ってもう一度してください。 | Not reachable just now. Wait a moment.",
}


class SafeCookies(SecureCookieSessionInterface):
    """Session cookies that are Secure wherever the page came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the library's
        return request.is_secure


def headers(response: Response) -> Response:
    """Say what a browser may do with this page."""
    policy = (
        "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    if "is_framed" in g:
        response.headers["Content-Security-Policy"] = FRAMED
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    else:
        response.headers["Content-Security-Policy"] = policy.format(nonce=nonce())
        response.headers["X-Frame-Options"] = "DENY"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "geolocation=(), microphone=(), payment=()"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static" and request.args.get("v"):
        # Named by what they hold: another content has another address
        response.headers["Cache-Control"] = FOR_EVER
    elif request.endpoint == "openapi.described":
        # Asked for again each time, and mostly answered with "as before"
        response.headers["Cache-Control"] = "private, no-cache"
    elif request.endpoint and not request.endpoint.endswith(("static", "script")):
        response.headers["Cache-Control"] = "no-store"
    return response


def taken_away(content: bytes, name: str, kind: str = "") -> Response:
    """A file of a mail, always as a download: it may come from anybody, whatever it says it is."""
    answer = send_file(
        BytesIO(content),
        mimetype=kind or "application/octet-stream",
        as_attachment=True,
        download_name=name,
    )
    # Should a browser show it all the same, nothing in it runs
    g.is_framed = True
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def framed(page: str) -> Response:
    """What somebody wrote, as a page for a frame in which nothing runs and nothing is loaded."""
    g.is_framed = True
    return Response(page, mimetype="text/html")


def nonce() -> str:
    """The nonce of this page's own scripts."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def answer(status: int, sentence: str = "", **more: Any) -> tuple[str | Response, int]:
    """An error page, or its JSON for the API."""
    said = sentence or t(_SAID.get(status, _SAID[500]))
    if _is_for_scripts():
        return jsonify(message=said, **more), status
    title = HTTPStatus(status).phrase if language() == "en" else str(status)
    return render_template(
        "daicho/error.html", title=title, status=status, said=said, **more
    ), status


def _is_for_scripts() -> bool:
    """Whether what is asked for is read by a script and not shown as a page."""
    prefixes = ("/api/", "/lookup/", "/healthz", "/readyz", "/counts")
    return request.path.startswith(prefixes) or request.path.endswith(".json")


def _http_error(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    if isinstance(error, SecurityError):
        # Under a foreign host name there are no addresses, and so no page.
        return Response(t(_SAID[400]), status=400, mimetype="text/plain")
    status = error.code or 500
    if status == 401 and request.method == "GET" and not _is_for_scripts() and reader() is None:
        return redirect(url_for("SignIn.login", next=request.full_path.rstrip("?")))
    own = error.description or ""
    # Werkzeug's own descriptions are for programmers; ours hold Japanese or follow the reader.
    ours = own if own != type(error).description else ""
    return answer(status, ours if not isinstance(error, CSRFError) else "")


def _csrf_error(_error: CSRFError) -> Any:
    return kept.page() or answer(
        400,
        t(
            "ページが古くなりました。戻って読み直し、もう一度送ってください。 | "
            "The page has grown old. Go back, reload it and send again."
        ),
    )


def _database_error(error: DBAPIError) -> Any:
    sessions_of().remove()
    why = refusal(error, generation().catalog)
    if why.status == 422:
        log.error("database_refused", error=type(error.orig).__name__)
        return _unexpected(error)
    return answer(why.status, why.sentence)


def _unexpected(error: Exception) -> Any:
    number = secrets.token_hex(4)
    log.error(
        "page_failed", number=number, path=_path(), error=type(error).__name__, where=frames(error)
    )
    return answer(500, number=number)


def _path() -> str:
    """The path for the log, without the key of a link."""
    return "/welcome/…" if request.path.startswith("/welcome/") else request.path


def _limited(_error: RateLimitExceeded) -> Any:
    return answer(429)


def errors(app: Flask) -> None:
    """Sentences for whatever goes wrong."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(RateLimitExceeded, _limited)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(PoolTimeoutError, lambda _error: answer(503))
    app.register_error_handler(Exception, _unexpected)


def health_blueprint(settings: Settings) -> Blueprint:
    """`/healthz`: the process answers. `/readyz`: so do the database, its schema and Redis."""
    blueprint = Blueprint("health", __name__)
    bell = (
        redis.Redis.from_url(settings.redis_url, socket_timeout=2) if settings.redis_url else None
    )

    @blueprint.get("/healthz")
    def healthz() -> Any:
        return jsonify(process="ok")

    @blueprint.get("/readyz")
    def readyz() -> Any:
        found: dict[str, str] = {}
        try:
            with sessions_of().watch.connect() as connection:
                found["database"] = "ok"
                found["schema"] = str(
                    connection.scalar(sa.text(query("schema_version"))) or "missing"
                )
        except (DBAPIError, PoolTimeoutError) as error:
            found["database"] = type(error).__name__
        try:
            found["redis"] = "ok" if bell is None or bell.ping() else "silent"
        except redis.RedisError as error:
            found["redis"] = type(error).__name__
        ready = found.get("database") == "ok" == found["redis"] and found.get("schema") != "missing"
        return jsonify(ready=ready, **found), 200 if ready else 503

    return blueprint


def language_blueprint() -> Blueprint:
    """`/language/<locale>` and `/theme/<name>`: read the pages so from now on."""
    blueprint = Blueprint("language", __name__)

    @blueprint.post("/language/<locale>")
    def choose(locale: str) -> Any:
        language_choose(locale)
        return redirect(get_safe_redirect(request.form.get("next", "")))

    @blueprint.post("/theme/<name>")
    def theme(name: str) -> Any:
        theme_choose(name)
        return redirect(get_safe_redirect(request.form.get("next", "")))

    return blueprint
