"""Documents as PDF: Typst in a child process with limits, many documents a child, one file at the end."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any, Final

import pikepdf

from sync.errors import SyncError
from sync.render import glyphs

CHILD: Final = Path(__file__).with_name("typesetter.py")
WRONG: Final = 3
TOO_LONG: Final = 4
CPU_S: Final = 20
WALL_S: Final = 40
MEMORY_MB: Final = 1_500
OUTPUT_MB: Final = 64
PPI: Final = 110
PICTURES_MAX: Final = 12
CHUNK: Final = 200
"""Of how many documents one child sets a file."""

TEMPLATE_MAX: Final = 200_000
UNDRAWN: Final = "could not be displayed with font"
_PLACE: Final = re.compile(r"main\.typ:(\d+):(\d+)")


class TemplateWrong(SyncError):
    """帳票の様式に誤りがあります。 | The template of the document is wrong.

    `said` is what Typst says; `line` and `column` say where, both from 1; None where it names no place.
    """

    hint_default = (
        "示された行を直すか、標準の様式に戻します。 | "
        "Mend the line that is shown, or go back to the standard template."
    )

    def __init__(self, said: str, *, line: int | None = None, column: int | None = None) -> None:
        place = f"{line}:{column} " if line is not None else ""
        super().__init__(
            f"帳票の様式に誤りがあります: {place}{said} | The template is wrong: {place}{said}"
        )
        self.said, self.line, self.column = said, line, column


class GlyphMissing(TemplateWrong):
    """帳票の文字を印刷できません。 | A document says what no font can print."""


class TemplateEndless(SyncError):
    """帳票の様式が終わりません。 | The template does not come to an end.

    It used more time or memory than a document may.
    """

    hint_default = (
        "繰返しを減らすか、標準の様式に戻します。 | "
        "Make its loops smaller, or go back to the standard template."
    )


class TemplateTooLong(TemplateEndless):
    """帳票が大きすぎます。 | The document is too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may use."""

    cpu_s: int = CPU_S
    wall_s: int = WALL_S
    memory_mb: int = MEMORY_MB
    output_mb: int = OUTPUT_MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """A PDF of several documents; `begins` are the pages, from 1, on which they begin.

    It is empty where the template says nothing of them: then the file cannot be taken apart.
    """

    pdf: bytes
    begins: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A PDF and what its pages say."""

    pdf: bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """The first pages as PNG, and how many pages there are."""

    shown: Sequence[bytes]
    pages: int


def typeset(
    parts: Mapping[str, str],
    data: Mapping[str, Any],
    *,
    standard: Sequence[str] = (),
    limits: Limits | None = None,
) -> bytes:
    """Set one PDF. `parts` are the files of the template, `main.typ` among them; `data` is its JSON.

    The same parts and data give the same bytes. Raises TemplateWrong with the place in `main.typ`,
    and TemplateEndless when a limit was reached.
    """
    _, (made,) = _run(parts, data, limits or Limits(), standard=list(standard))
    return made


def typeset_each(
    parts: Mapping[str, str],
    several: Sequence[Mapping[str, Any]],
    *,
    standard: Sequence[str] = (),
    limits: Limits | None = None,
) -> Sequence[bytes]:
    """Set a PDF of its own for each of these, by one child; each is what `typeset` would make.

    Raises as `typeset` does when one of them fails.
    """
    if not several:
        return []
    return _run(parts, {}, limits or Limits(), standard=list(standard), several=several)[1]


def typeset_read(
    parts: Mapping[str, str],
    several: Sequence[Mapping[str, Any]],
    *,
    standard: Sequence[str] = (),
    limits: Limits | None = None,
) -> Sequence[Read]:
    """As `typeset_each`, and read each of them by the same child."""
    if not several:
        return []
    head, made = _run(
        parts, {}, limits or Limits(), standard=list(standard), several=several, reads=True
    )
    return [Read(pdf=pdf, text=text) for pdf, text in zip(made, head["texts"], strict=True)]


def typeset_sheets(
    parts: Mapping[str, str], data: Mapping[str, Any], *, limits: Limits | None = None
) -> Sheets:
    """Set one PDF of `data["documents"]`, and know on which page each of them begins."""
    head, (made,) = _run(parts, data, limits or Limits())
    begins: list[Any] = head["begins"]
    is_told = len(begins) == len(data["documents"]) and all(type(page) is int for page in begins)
    if is_told:
        with pikepdf.open(io.BytesIO(made)) as file:
            # A template may say what it likes
            ascending = [0, *begins, len(file.pages) + 1]
        is_told = begins[0] == 1 and all(page < after for page, after in pairwise(ascending))
    return Sheets(pdf=made, begins=tuple(begins) if is_told else ())


def pictures(
    parts: Mapping[str, str], data: Mapping[str, Any], *, limits: Limits | None = None
) -> Pictures:
    """Set the pages as pictures; of many pages the first alone. Raises as `typeset` does."""
    head, made = _run(parts, data, limits or Limits(), ppi=PPI)
    return Pictures(shown=made, pages=head["pages"])


def _run(
    parts: Mapping[str, str],
    data: Mapping[str, Any],
    most: Limits,
    *,
    standard: Sequence[str] = (),
    ppi: int = 0,
    several: Sequence[Mapping[str, Any]] = (),
    reads: bool = False,
) -> tuple[Mapping[str, Any], Sequence[bytes]]:
    """Run the child: what it says of what it made, and the files.

    A document that says what cannot be printed though each of its characters can is set in plain
    ones, and alone, so that it changes no other.
    """
    said = [glyphs.printable(one) for one in several or [data]]
    try:
        return _child(
            parts, said, most, standard=standard, ppi=ppi, is_each=bool(several), reads=reads
        )
    except GlyphMissing:
        if len(several) > 1:
            each = [
                _run(parts, data, most, standard=standard, several=[one], reads=reads)
                for one in several
            ]
            texts = [text for head, _ in each for text in head["texts"]]
            return {"texts": texts}, [file for _, files in each for file in files]
        said = [glyphs.plain(one) for one in said]
        return _child(
            parts, said, most, standard=standard, ppi=ppi, is_each=bool(several), reads=reads
        )


def _child(
    parts: Mapping[str, str],
    several: Sequence[Any],
    most: Limits,
    *,
    standard: Sequence[str],
    ppi: int,
    is_each: bool,
    reads: bool,
) -> tuple[Mapping[str, Any], Sequence[bytes]]:
    """Run the child once: on one file of data, or with `is_each` on a folder for each."""
    if sum(map(len, parts.values())) > TEMPLATE_MAX:
        raise TemplateWrong(f"> {TEMPLATE_MAX:,}")
    with tempfile.TemporaryDirectory(prefix="daicho-pages-") as root:
        places = [Path(root) / str(number) for number in range(len(several))] if is_each else []
        for place, said in zip(places or [Path(root)], several, strict=True):
            place.mkdir(exist_ok=True)
            for name, text in parts.items():
                (place / name).write_text(text, encoding="utf-8")
            (place / "data.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        asked = {
            "root": root,
            "fonts": glyphs.folders(),
            "cpu_s": most.cpu_s,
            "memory_mb": most.memory_mb,
            "output_mb": most.output_mb,
            "standard": standard,
            "ppi": ppi,
            "several": [str(place) for place in places],
            "most": PICTURES_MAX,
            "reads": reads,
        }
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(CHILD)],
                input=json.dumps(asked).encode(),
                capture_output=True,
                timeout=most.wall_s,
                check=False,
                cwd=root,
                env=_environment(),
            )
        except subprocess.TimeoutExpired as error:
            raise TemplateEndless from error
    if done.returncode == WRONG:
        raise _wrong(json.loads(done.stderr))
    if done.returncode == TOO_LONG:
        raise TemplateTooLong
    if done.returncode != 0:
        raise TemplateEndless
    said, _, rest = done.stdout.partition(b"\n")
    head: Mapping[str, Any] = json.loads(said)
    ends = list(accumulate(head["sizes"]))
    return head, [rest[end - size : end] for size, end in zip(head["sizes"], ends, strict=True)]


def merged(files: Sequence[bytes]) -> bytes:
    """Several PDFs as one, in this order; the same files give the same bytes."""
    if len(files) == 1:
        return files[0]
    with pikepdf.new() as whole:
        for each in files:
            with pikepdf.open(io.BytesIO(each)) as part:
                whole.pages.extend(part.pages)
        return _saved(whole)


def overlaid(pdf: bytes, mark: bytes) -> bytes:
    """Lay a page over each page of a PDF, whose own content stays as it is; the same gives the same bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as file, pikepdf.open(io.BytesIO(mark)) as over:
        # Not by `add_overlay`, which takes a name by chance
        form = file.copy_foreign(over.pages[0].as_form_xobject())
        for page in file.pages:
            page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.CopyMark)
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(b"\nQ\nq /CopyMark Do Q\n")
        return _saved(file)


def gathered(sheets: Sequence[tuple[Sheets, Sequence[int]]]) -> bytes:
    """Put the documents of several files into one, each where it belongs.

    Beside each file stand the places of its documents, ascending. A file that cannot be taken apart
    stands where its first document belongs. The same files give the same bytes.
    """
    parts = sorted(
        (
            (place, number, first, last)
            for number, (sheet, places) in enumerate(sheets)
            for place, first, last in _parts(sheet, places)
        )
    )
    # Nothing to take apart: each file's documents stand together already
    order = [number for number, _ in groupby(parts, key=lambda part: part[1])]
    if len(order) == len(set(order)):
        return merged([sheets[number][0].pdf for number in order])
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(pikepdf.open(io.BytesIO(one.pdf))) for one, _ in sheets]
        whole = stack.enter_context(pikepdf.new())
        for _, number, first, last in parts:
            pages = opened[number].pages
            whole.pages.extend(pages[first : len(pages) if last is None else last])
        return _saved(whole)


def _parts(sheet: Sheets, places: Sequence[int]) -> Iterator[tuple[int, int, int | None]]:
    """The place of each document and its pages, from 0: the first, and the first of the next."""
    if not sheet.begins:
        yield places[0], 0, None
        return
    ends = [*(page - 1 for page in sheet.begins[1:]), None]
    for place, begin, end in zip(places, sheet.begins, ends, strict=True):
        yield place, begin - 1, end


def _saved(whole: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    whole.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
    )
    return out.getvalue()


def _environment() -> dict[str, str]:
    """Nothing of ours; and no way out to the network, should a template ask for a package."""
    nowhere = "http://127.0.0.1:9"
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "RAYON_NUM_THREADS": "1",
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        "ALL_PROXY": nowhere,
    }


def _wrong(said: Mapping[str, Any]) -> TemplateWrong:
    place = _PLACE.search(str(said["diagnostic"]))
    hints = " ".join(str(one) for one in said["hints"])
    kind = GlyphMissing if UNDRAWN in str(said["message"]) else TemplateWrong
    return kind(
        f"{said['message']} {hints}".strip().replace("|", "/"),
        line=int(place[1]) if place else None,
        # Typst counts columns from 0
        column=int(place[2]) + 1 if place else None,
    )
