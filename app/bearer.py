"""Bearer tokens of the API: one's own API token, or the short one that a password fetched."""

from flask import Response, current_app, g, jsonify, request
from flask_jwt_extended import verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_limiter import Limiter
from jwt.exceptions import PyJWTError

from app import tokens
from app.asking import sessions_of
from app.session import Reader
from app.words import t

TOKEN_MAX = 200


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
    said = request.headers["Authorization"][7:].strip()
    who = _token_holder(said) if said.startswith(tokens.PREFIX) else _jwt_holder()
    if who is None:
        return unauthorized()
    if said.startswith(tokens.PREFIX) and (request.view_args or {}).get("full") in tokens.NEVER:
        answer = jsonify(
            message=t(
                "トークンでは、ほかの鍵を作れません。画面で作ります。 | "
                "A token makes no other keys. Make them on the screens."
            )
        )
        answer.status_code = 403
        return answer
    manager = current_app.extensions["appbuilder"].sm.lm
    manager._update_request_context_with_user(who)  # noqa: SLF001 - no public way
    return None


def _jwt_holder() -> Reader | None:
    try:
        verify_jwt_in_request(locations=["headers"])
    except (JWTExtendedException, PyJWTError, ValueError, KeyError):
        return None
    who = g.get("user")
    return who if isinstance(who, Reader) else None


def _token_holder(token: str) -> Reader | None:
    """Who holds an API token: so many requests a minute each, and so many wrong ones by address."""
    limiter: Limiter = current_app.extensions["appbuilder"].sm.limiter
    found = tokens.reader_of_token(sessions_of().plain(), token[:TOKEN_MAX])
    if found is None:
        with limiter.limit(tokens.FAILURE_RATE):
            return None
    who, number = found
    with limiter.limit(tokens.RATE, key_func=lambda: f"api_token/{number}"):
        g.user = who
        return who
