"""Documents as PDF: Typst in a child process with limits, many documents a child, one file at the end."""

from __future__ import annotations

import importlib.resources
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pikepdf

from sync.errors import SyncError

CHILD: Final = Path(__file__).with_name("typesetter.py")
FONT_PACKAGES: Final = ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold")
WRONG: Final = 3
CPU_S: Final = 20
WALL_S: Final = 40
MEMORY_MB: Final = 1_500
CHUNK: Final = 100
TEMPLATE_MAX: Final = 200_000
_PLACE: Final = re.compile(r"main\.typ:(\d+):(\d+)")


class TemplateWrong(SyncError):
    """帳票の様式に誤りがあります。 | The template of the document is wrong.

    `line` and `column` say where, both from 1; None where Typst names no place.
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
        self.line, self.column = line, column


class TemplateEndless(SyncError):
    """帳票の様式が終わりません。 | The template does not come to an end.

    It used more time or memory than a document may.
    """

    hint_default = (
        "繰返しを減らすか、標準の様式に戻します。 | "
        "Make its loops smaller, or go back to the standard template."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may use."""

    cpu_s: int = CPU_S
    wall_s: int = WALL_S
    memory_mb: int = MEMORY_MB


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
    most = limits or Limits()
    if sum(map(len, parts.values())) > TEMPLATE_MAX:
        raise TemplateWrong(f"> {TEMPLATE_MAX:,}")
    with tempfile.TemporaryDirectory(prefix="daicho-pages-") as root:
        for name, text in parts.items():
            (Path(root) / name).write_text(text, encoding="utf-8")
        (Path(root) / "data.json").write_text(
            json.dumps(data, ensure_ascii=False), encoding="utf-8"
        )
        asked = {
            "root": root,
            "fonts": fonts(),
            "cpu_s": most.cpu_s,
            "memory_mb": most.memory_mb,
            "standard": list(standard),
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
    if done.returncode != 0:
        raise TemplateEndless
    return done.stdout


def merged(files: Sequence[bytes]) -> bytes:
    """Several PDFs as one, in this order; the same files give the same bytes."""
    if len(files) == 1:
        return files[0]
    with pikepdf.new() as whole:
        for each in files:
            with pikepdf.open(io.BytesIO(each)) as part:
                whole.pages.extend(part.pages)
        out = io.BytesIO()
        whole.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()


def fonts() -> list[str]:
    """The folders of the fonts that documents are set in: of packages, never of the machine."""
    return [str(importlib.resources.files(package)) for package in FONT_PACKAGES]


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
    return TemplateWrong(
        f"{said['message']} {hints}".strip().replace("|", "/"),
        line=int(place[1]) if place else None,
        column=int(place[2]) if place else None,
    )
