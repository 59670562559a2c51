"""The manual's own search: everything it says, folded once, looked through in memory."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WORDS_MAX = 100
MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be found: its kind, what it is called, its name in SQL, what it says, where it stands."""

    kind: str
    title: str
    name: str
    detail: str
    href: str
    folded: str


def entry(kind: str, title: str, name: str, detail: str, href: str) -> Entry:
    """An entry with its words folded: width, capitals and kana alike."""
    return Entry(
        kind=kind,
        title=title,
        name=name,
        detail=detail,
        href=href,
        folded=fold(f"{title}\n{name}\n{detail}"),
    )


def fold(text: str) -> str:
    """A text as it is compared: full width as half, capitals as small, katakana as hiragana."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(chr(ord(c) - 96) if "ァ" <= c <= "ヶ" else c for c in plain)


def found(entries: Iterable[Entry], said: str) -> Sequence[Entry]:
    """The entries that hold every word, those that are called so first."""
    words = fold(said[:WORDS_MAX]).split()
    if not words:
        return ()
    hits = [one for one in entries if all(word in one.folded for word in words)]
    return sorted(hits, key=lambda one: _far(one, words))[:MOST]


def _far(one: Entry, words: Sequence[str]) -> tuple[int, int]:
    """How far an entry is from the words: called so, begins so, is named so, says so."""
    title, name = fold(one.title), fold(one.name)
    whole = " ".join(words)
    if whole in (title, name, name.rpartition(".")[2]):
        return 0, len(title)
    if title.startswith(whole) or name.startswith(whole):
        return 1, len(title)
    return (2 if all(word in title or word in name for word in words) else 3), len(title)
