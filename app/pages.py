"""What the templates of every page can say: icons, addresses of files, the sidebar, shortcuts."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    request,
    send_from_directory,
    session,
    url_for,
)
from markupsafe import Markup, escape

from app import web
from app.asking import generation, may, may_make_people, reader
from app.errors import side_of
from app.messages import messages
from app.sidebar import Section, searches, shown
from app.web import nonce
from app.words import language, t
from sync.render.amounts import mark_of

STATIC = Path(__file__).parent / "static"
THEMES = ("auto", "light", "dark")
_LOGO = Markup(
    '<svg class="logo" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true"><path fill-rule="evenodd" '
    'd="M3 1h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V3a2 2 0 0 1 2-2zm3.2 2.6v12.8h1.4V3.6zM9.6 '
    '5.6v1.4h6.2V5.6zm0 3.7v1.4h6.2V9.3zm0 3.7v1.4h4.1V13z"/></svg>'
)


@cache
def digest(name: str) -> str:
    """What changes with the file, so that browsers may keep it for a year."""
    found = hashlib.sha256()
    # Modules import each other by plain names: one changed script is a new address for all of them
    same = STATIC.glob("*.js") if name.endswith(".js") else [STATIC / name]
    for path in sorted(same):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of one of our own files."""
    return _asset(name, request.script_root)


@cache
def _asset(name: str, _root: str) -> str:
    if name.endswith(".js"):
        # In the path: `./frame.js` of another module must be the page's own, not a second one beside it
        return url_for("script", version=digest(name), name=name)
    return url_for("static", filename=name, v=digest(name))


def script(version: str, name: str) -> Response:
    """One of our modules, under an address that changes with any of them."""
    found = send_from_directory(STATIC, name)
    if version == digest(name):
        found.headers["Cache-Control"] = web.FOR_EVER
    return found


def icon(name: str, kind: str = "") -> Markup:
    """An icon beside a word; it says nothing by itself."""
    return _icon(name, kind, request.script_root)


@cache
def _icon(name: str, kind: str, _root: str) -> Markup:
    return Markup('<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        f" {kind}" if kind else "", asset("icons.svg"), name
    )


def theme() -> str:
    """Light, dark, or as the reader's system has it."""
    chosen = session.get("theme") or getattr(reader(), "theme", None)
    return chosen if chosen in THEMES else "auto"


def has(endpoint: str) -> bool:
    """Whether a page of this name is served and the reader may open it."""
    known = current_app.view_functions
    return endpoint in known


def shortcuts() -> list[tuple[str, list[tuple[tuple[str, ...], str]]]]:
    """The keys that work on the pages, for the sheet that `?` opens."""
    return [
        (
            t("どこでも | Everywhere"),
            [
                (("/",), t("すべてを検索 | Search everything")),
                (("Ctrl", "K"), t("画面や操作を探す | Find a page or an action")),
                (("?",), t("この一覧 | This sheet")),
                (("Z",), t("直前の操作を元に戻す | Undo what was just done")),
                (("Esc",), t("閉じる | Close")),
            ],
        ),
        (
            t("一覧 | Lists"),
            [
                (("J",), t("次の行 | Next row")),
                (("K",), t("前の行 | Previous row")),
                (("Enter",), t("行を開く | Open the row")),
                (("X",), t("行を選ぶ | Select the row")),
                (("A",), t("この頁をすべて選ぶ | Select the whole page")),
                (("E",), t("その場で直す | Edit in place")),
                (("←", "→"), t("直すセルを選ぶ | Choose the cell to edit")),
                (("N",), t("新しく登録 | Add a row")),
                (("F",), t("条件 | Conditions")),
                (("S",), t("この条件を保存 | Save this search")),
                ((">",), t("次の頁 | Next page")),
                (("<",), t("前の頁 | Previous page")),
            ],
        ),
        (
            t("伝票・画面 | Slips and forms"),
            [
                (("E",), t("編集 | Edit")),
                (("H",), t("変更の記録 | History")),
                (("Ctrl", "S"), t("保存 | Save")),
            ],
        ),
    ]


def sidebar() -> list[Section]:
    """The sidebar as the reader's grants allow it."""
    sections = shown(current_app.extensions["sidebar"])
    if pinned := searches():
        sections.append(Section(label=t("保存した検索 | Saved searches"), entries=pinned))
    return sections


def areas() -> list[Any]:
    """Every table that the reader may read, by area."""
    return current_app.extensions["appbuilder"].menu.get_list()


def role_label() -> str:
    """The name of the reader's role, in their language."""
    who = reader()
    return side_of(who.role_label) if who else ""


def register(app: Flask) -> None:
    """Give every template these words."""
    app.add_url_rule("/static/scripts-<version>/<string:name>", "script", script)
    words: dict[str, Any] = app.jinja_env.globals  # typed by what Jinja puts there itself
    words |= {
        "t": t,
        "nonce": nonce,
        "asset": asset,
        "icon": icon,
        "logo": lambda: _LOGO,
        "has": has,
        "messages": messages,
        "shortcuts": shortcuts,
        "sidebar": sidebar,
        "areas": areas,
        "side_of": side_of,
        "escape": escape,
        "currency_mark": mark_of,
        "generation": generation,
    }

    @app.context_processor
    def page() -> dict[str, Any]:
        return {
            "reader": reader(),
            "role_label": role_label(),
            "language": language(),
            "theme": theme(),
            "here": request.full_path.rstrip("?"),
            "home": url_for("Home.index"),
            "may": may,
            "may_make_people": may_make_people,
        }
