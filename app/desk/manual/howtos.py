"""The how-tos of `docs/howto`, as pages in both languages; written by us, still without any HTML of their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from app.words import language
from config import PROJECT

FOLDER = PROJECT / "docs" / "howto"
PICTURES = PROJECT / "docs" / "pictures"
PICTURES_ADDRESS = "/manual/pictures"
# The file of each language: `<name>.ja.md` beside `<name>.md`
ENDINGS = {"ja": ".ja.md", "en": ".md"}
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HowTo:
    """One how-to: its address, and its Markdown by language."""

    name: str
    texts: Mapping[str, str]

    @property
    def text(self) -> str:
        """The text in the language of the answer."""
        return self.texts[language()]

    @property
    def title(self) -> str:
        """The title in the language of the answer."""
        return _TITLE.findall(self.text)[0]


@cache
def howtos() -> dict[str, HowTo]:
    """All how-tos by name; they change with the program alone."""
    names = sorted(path.name.removesuffix(".ja.md") for path in FOLDER.glob("*.ja.md"))
    return {
        name: HowTo(
            name=name,
            texts={
                code: (FOLDER / f"{name}{ending}").read_text(encoding="utf-8")
                for code, ending in ENDINGS.items()
            },
        )
        for name in names
    }


def about(full: str) -> list[HowTo]:
    """The how-tos that name a relation or function."""
    named = re.compile(rf"(?<![\w.]){re.escape(full)}(?![\w.]\w)")
    return [one for one in howtos().values() if named.search(one.text)]


@cache
def html_of(text: str) -> Markup:
    """The text of a how-to as HTML: no raw HTML, and no style attributes, which the pages forbid."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(_TITLE.sub("", text, count=1))
    for token in tokens:
        token.attrs.pop("style", None)
        if token.type == "table_open":
            token.attrSet("class", "tbl")
        for inner in token.children or ():
            if inner.type == "image":
                place = str(inner.attrs["src"]).rpartition("/")[2]
                inner.attrSet("src", f"{PICTURES_ADDRESS}/{place}")
                inner.attrSet("class", "shot")
                inner.attrSet("loading", "lazy")
            elif inner.type == "link_open" and str(inner.attrs["href"]).endswith(".jpg"):
                place = str(inner.attrs["href"]).rpartition("/")[2]
                inner.attrSet("href", f"{PICTURES_ADDRESS}/{place}")
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - made above
