"""The how-tos of `docs/howto`, as pages; written by us, still without any HTML of their own."""

import re
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from config import PROJECT

FOLDER = PROJECT / "docs" / "howto"
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HowTo:
    """One how-to: its address, its title and its text in Markdown."""

    name: str
    title: str
    text: str


@cache
def howtos() -> dict[str, HowTo]:
    """All how-tos by name; they change with the program alone."""
    found: dict[str, HowTo] = {}
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        title = _TITLE.search(text)
        found[path.stem] = HowTo(name=path.stem, title=title[1] if title else path.stem, text=text)
    return found


def about(full: str) -> list[HowTo]:
    """The how-tos that name a relation or function."""
    named = re.compile(rf"(?<![\w.]){re.escape(full)}(?![\w.]\w)")
    return [one for one in howtos().values() if named.search(one.text)]


@cache
def html_of(name: str) -> Markup:
    """The text of a how-to as HTML: no raw HTML, and no style attributes, which the pages forbid."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(_TITLE.sub("", howtos()[name].text, count=1))
    for token in tokens:
        token.attrs.pop("style", None)
        if token.type == "table_open":
            token.attrSet("class", "tbl")
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - made above
