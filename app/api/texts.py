"""What the description of the REST resources says in words."""

from collections.abc import Mapping
from typing import Any

from app.errors import CHANGED_MEANWHILE, GONE

INTRODUCTION = (
    "あなたの役割で使える表と関数のすべてです。画面と同じ権限で答えます。"
    "行を絞る引数 f.<列> は（名前などの文は含むもの、符号や番号は等しいもの）画面の一覧の住所と同じで、f.<列>.eq（等しい）、.from（以上）、.to（以下）、.not、.has（含む）、"
    ".starts、.is（empty・filled）も使えます。all・any・not を組み合わせる条件は where に JSON で書きます。"
    "一頁は1,000行までで、続きは答えの after を引数 after に渡します。"
    "断る文は Accept-Language か、アカウントの言語で返します。 | "
    "Every table and function that your role may use, under the same rights as the screens. "
    "The arguments f.<column> narrow rows as the address of a list does (free text contains it, codes and numbers equal it); f.<column>.eq (equals), .from (at least), "
    ".to (at most), .not, .has (contains), .starts and .is (empty, filled) work as well. "
    "Conditions of all, any and not are written as JSON in where. "
    "A page has 1,000 rows at most; the next one begins at the answer's after, given as the argument after. "
    "Refusals come in the language of Accept-Language, else of the account."
)
RESPONSES = {
    "400": (
        "読めない要求 | Not understood",
        "この要求は読めません。 | This request cannot be read.",
    ),
    "401": (
        "トークンがない・終わった | No token, or one that has ended",
        "このトークンでは入れません。もう一度取り直してください。 | This token opens nothing. Fetch a new one.",
    ),
    "403": (
        "役割にない権限 | Not granted to the role",
        "この操作はあなたの役割ではできません。 | Your role may not do this.",
    ),
    "404": ("ない・担当の外 | Not there, or out of scope", GONE),
    "409": ("ほかの人が先に変えた | Somebody else changed it first", CHANGED_MEANWHILE),
    "413": (
        "大きすぎる | Too large",
        "大きすぎます。小さく分けてください。 | This is too large. Divide it.",
    ),
    "415": (
        "JSON でない | Not JSON",
        "Content-Type は application/json です。 | The Content-Type is application/json.",
    ),
    "429": (
        "回数が多すぎる | Too many requests",
        "回数が多すぎます。少し待ってください。 | Too many attempts. Wait a moment.",
    ),
    "503": (
        "いまつながらない | Not reachable now",
        "いまつながりません。少し待ってもう一度してください。 | Not reachable just now. Wait a moment.",
    ),
}

ARGUMENTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "where": (
        (
            '条件の JSON。例: {"any": [{"column": "status", "op": "in", "value": ["on_hold"]}]} | '
            'A condition in JSON, such as {"any": [{"column": "status", "op": "in", "value": ["on_hold"]}]}'
        ),
        {"type": "string"},
    ),
    "search": ("検索欄と同じ言葉。 | Words, as in the search box.", {"type": "string"}),
    "dir": ("並びの向き。 | Direction of the order.", {"type": "string", "enum": ["asc", "desc"]}),
    "after": (
        "前の答えの after。その次の行から。 | The after of an earlier answer: rows behind it.",
        {"type": "string"},
    ),
    "before": (
        "前の答えの before。その前の行。 | The before of an earlier answer: rows ahead of it.",
        {"type": "string"},
    ),
    "size": (
        "一頁の行数。 | Rows of a page.",
        {"type": "integer", "minimum": 1, "maximum": 1000, "default": 25},
    ),
    "labels": (
        "1 なら、参照の列の値が何を指すかを labels に添える。 | With 1 the answer's labels say what the values of reference columns stand for.",
        {"type": "string", "enum": ["1"]},
    ),
    "q": (
        (
            "Flask-AppBuilder の Rison: filters、columns、order_column、order_direction、page、page_size。 | "
            "Rison of Flask-AppBuilder: filters, columns, order_column, order_direction, page, page_size."
        ),
        {"type": "string"},
    ),
}
