"""What the pages of own columns and tables ask for, and how it is read."""

from typing import Any

from werkzeug.datastructures import MultiDict

from app.errors import side_of
from app.words import t

KINDS = {
    "text": "文字 | Text",
    "long_text": "長い文章 | Long text",
    "integer": "整数 | Whole number",
    "amount": "金額 | Amount",
    "yes_no": "はい・いいえ | Yes or no",
    "date": "日付 | Date",
    "moment": "日時 | Date and time",
    "choice": "選択肢から | Choice from a list",
    "reference": "ほかの表を指す | Reference to another table",
}
TEXTS = ("table_name", "code", "kind", "label_ja", "label_en", "help_ja", "help_en", "default_text", "reference_table")  # fmt: skip
HELP = {
    "code": "SQL と API での名前です。空なら英語の名称から作り、あとで変わりません。 | Its name in SQL and the API. Made from the English label when empty; it never changes.",
    "default_text": "日付と日時では now が今日・今を表します。 | For a date or time, now means today or this moment.",
    "choices": "一行に一つ。{example} のように二つの言語で書けます。 | One on each line; write {example} for both languages.",
    "is_required": "Daicho の表では初期値も要ります。取込で入る行に使います。 | In a table of Daicho it needs a default, which rows that come by themselves take.",
}


def given_by(form: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed; nothing is lost when it is refused."""
    text = {name: form.get(name, "").replace("\x00", "") for name in TEXTS}
    version = form.get("version", "")
    return text | {
        "choices": form.get("choices", "").replace("\x00", "").splitlines(),
        "is_required": bool(form.get("is_required")),
        "readers": form.getlist("readers") if form.get("seen_by") == "some" else None,
        "writers": form.getlist("writers"),
        "version": int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
    }  # fmt: skip


def row_given(row: Any) -> dict[str, Any]:
    """The same of a row that is there, or of nothing."""
    label_ja, label_en = _sides(getattr(row, "label", None))
    help_ja, help_en = _sides(getattr(row, "help", None))
    return {
        "table_name": getattr(row, "table_name", ""),
        "code": "",
        "kind": getattr(row, "kind", "text"),
        "label_ja": label_ja,
        "label_en": label_en,
        "help_ja": help_ja,
        "help_en": help_en,
        "choices": getattr(row, "choices", None) or [],
        "reference_table": getattr(row, "reference_table", None) or "",
        "default_text": getattr(row, "default_text", None) or "",
        "is_required": getattr(row, "is_required", False),
        "readers": getattr(row, "readers", None),
        "writers": getattr(row, "writers", None) or [],
        "version": getattr(row, "version", None) or 0,
    }


def helped(name: str) -> str:
    """The help of a field of these pages, in the reader's language."""
    return t(HELP[name], example="赤 | Red")


def said_of(label: str) -> str:
    """The label of something made by hand: its comment up to the first stop."""
    said = side_of(label)
    return said.partition("。")[0].partition(". ")[0].rstrip(".")


def _sides(text: str | None) -> tuple[str, str]:
    japanese, bar, english = (text or "").partition(" | ")
    return japanese, english if bar else ""
