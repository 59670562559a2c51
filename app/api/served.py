"""The OpenAPI document as it is served: made once for a role and language, known by its digest."""

import hashlib
import json

from flask import Blueprint, Response, abort, current_app, request

from app.api import openapi
from app.api.refused import Refused
from app.asking import generation, reader, rights
from app.fab.screen import Screens
from app.words import language, t

NO_TABLE = "この名前の表はありません。 | There is no table of this name."


def openapi_document(full: str = "") -> tuple[bytes, str]:
    """The reader's document, of everything or of one relation, and its digest."""
    who, held, now = reader(), rights(), generation()
    if who is None or held is None:
        abort(401)
    said = language()
    screens: Screens = current_app.extensions["screens"]
    if full and full not in held.read:
        raise Refused(404, t(NO_TABLE))

    def whole() -> openapi.Json:
        return openapi.document(now.catalog, held, screens, said)

    def written() -> tuple[bytes, str]:
        found = now.once(("openapi", held.role, said), whole)
        part = openapi.of_one(found, full) if full else found
        text = json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()
        return text, hashlib.sha256(text).hexdigest()[:24]

    return now.once(("openapi", held.role, said, full), written)


def openapi_blueprint() -> Blueprint:
    """`/api/v1/_openapi`, with `?table=<schema>.<name>` for one table."""
    blueprint = Blueprint("openapi", __name__)

    @blueprint.get("/api/v1/_openapi")
    def described() -> Response:
        text, digest = openapi_document(request.args.get("table", ""))
        answer = Response(text, mimetype="application/json")
        answer.set_etag(digest)
        answer.headers["Content-Language"] = language()
        answer.vary.update(["Accept-Language", "Authorization", "Cookie"])
        answer.make_conditional(request)
        return answer

    return blueprint
