"""A form that came after its session had ended: what was typed stays on the page until it can be sent."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.asking import reader
from app.fab import form_page as forms
from app.words import t

ENDED = (
    "ログインが切れています。入力したものはこのページに残っています。 | "
    "You are signed out. What you typed is kept on this page."
)
SIGN_IN = "ログインする（別のタブ） | Sign in (another tab)"
OLD = (
    "ページが古くなりました。入力したものは残っています。もう一度送ってください。 | "
    "The page has grown old. What you typed is kept: send it again."
)
# What stands behind a choice or a tick; it is sent again unseen
_CODE = re.compile(r"[a-z0-9_.]{1,80}")
# Passwords and codes are never written back into a page
_SECRET = ("SignIn.", "PasswordView.", "Welcome.", "Me.", "SecurityApi.", "language.")
_OURS = ("csrf_token", "next")


def page() -> ResponseReturnValue | None:
    """The page that holds what was typed, or None where nothing was, or where it is not shown again.

    Only what a page of ours sent is shown: a form on a foreign page could put words into somebody's mouth.
    """
    endpoint = request.endpoint or ""
    if (
        request.method != "POST"
        or endpoint.startswith(_SECRET)
        or request.path.startswith("/api/")
        or request.headers.get("Sec-Fetch-Site", "none") != "same-origin"
    ):
        return None
    status, said = (401, t(ENDED)) if reader() is None else (400, t(OLD))
    if request.accept_mimetypes.best == "application/json":
        way_in = {"href": url_for("SignIn.login"), "said": t(SIGN_IN)}
        return jsonify(message=said, sign_in=None if reader() else way_in), status
    pairs = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
    if not any(value for _, value in pairs) and not request.files:
        return None
    was = forms.shown_before()
    return render_template(
        "daicho/kept.html",
        title=t("送れなかった入力 | What could not be sent"),
        said=said,
        pairs=pairs,
        typed=[value for name, value in pairs if value.strip() and _is_typed(name, value, was)],
        has_lines=any("-" in name for name, _ in pairs),
        files=[sent.filename for sent in request.files.values() if sent.filename],
        going=request.full_path.rstrip("?"),
        back=request.form.get("next", ""),
        sign_in=None if reader() else url_for("SignIn.login"),
    ), status


def _is_typed(name: str, value: str, was: Mapping[str, str]) -> bool:
    """Whether to show it: no key of ours, no related line, no code, not what the form showed when it was opened."""
    if "-" in name or name.startswith("_") or was.get(name) == value:
        return False
    return not _CODE.fullmatch(value)


def _instead(response: Response) -> Response:
    """Instead of the way to the sign-in page, which would lose it all."""
    lost = response.status_code == 401 or (
        response.status_code == 302
        and response.headers.get("Location", "").partition("?")[0] == url_for("SignIn.login")
    )
    if request.method != "POST" or not lost or reader() is not None:
        return response
    answer: Any = page()
    return response if answer is None else make_response(answer)


def register(app: Flask) -> None:
    """Keep what was typed wherever a session has ended. Call after the headers: this comes before them."""
    app.after_request(_instead)
