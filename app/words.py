"""Texts in two languages: which side of '日本語 | English' a reader sees."""

import re

from flask import g, has_request_context, request, session

LANGUAGES = ("ja", "en")
DEFAULT_LANGUAGE = "ja"
_TAG = re.compile(r"\s*(?<![A-Za-z0-9])@[a-z_]+(?:\([^)]*\))?")
_STOP = re.compile(r"。|\.(?=\s|$)")


def language() -> str:
    """The language of the answer being made: chosen in this session, else the account's, else Japanese.

    A program says it in `Accept-Language`, as does a browser that nobody has signed in with; who was signed in
    here is spoken to as before.
    """
    if not has_request_context():
        return DEFAULT_LANGUAGE
    # Asked for with every word of a page; only what is chosen now can differ
    chosen = session.get("locale") or g.get("given_locale")
    if chosen is None:
        asked = request.accept_languages.best_match(LANGUAGES)
        known = getattr(g.get("user"), "locale", None) or session.get("spoken")
        chosen = (asked or known) if request.path.startswith("/api/") else (known or asked)
        if chosen is not None:
            g.given_locale = chosen
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def side(text: str, wanted: str) -> str:
    """One side of a bilingual text; a text of one language serves both."""
    japanese, bar, english = _line(text).partition(" | ")
    return (english if wanted == "en" and bar else japanese).strip()


def _line(text: str) -> str:
    return text.replace("\n", " ") if "\n" in text else text


def t(text: str, **values: object) -> str:
    """The reader's side of a bilingual text, with its {names} filled in."""
    said = side(text, language())
    return said.format(**values) if values else said


def untagged(comment: str) -> str:
    """A comment without its @tags."""
    return _TAG.sub("", comment)


def label_of(comment: str | None, name: str, wanted: str) -> str:
    """The label in a comment: its side up to the first stop; without a comment, the name in words."""
    said = side(untagged(comment or ""), wanted)
    head = _STOP.split(said, maxsplit=1)[0].strip()
    return head or name.replace("_", " ")


def help_of(comment: str | None, wanted: str) -> str:
    """What a comment says after its label."""
    said = side(untagged(comment or ""), wanted)
    parts = _STOP.split(said, maxsplit=1)
    return parts[1].strip() if len(parts) > 1 else ""


def is_short(words: str) -> bool:
    """Whether there is too little to look for: two letters are needed, or one that is a word, as 林 or 茶."""
    return len(words) < 2 and words < "\u0300"
