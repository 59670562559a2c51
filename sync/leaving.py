"""Where the reader of an advertising mail says that they want no more: a page of one button, and RFC 8058's one click."""

from __future__ import annotations

from hmac import compare_digest
from html import escape
from typing import Final

from flask import Response

import sql
from sync.mail.marks import unsubscribe_mark
from sync.render.words import side
from sync.shops import Context

MARK_LENGTH: Final = 32
NUMBER_MAX: Final = 2**63
HOW: Final = "メールの配信停止のリンクから | by the link in a mail"
PAGE: Final = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title><style>
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.8 "BIZ UDPGothic", "Hiragino Sans", "Noto Sans JP", sans-serif; color: #1d2733; background: #f4f5f6; }}
main {{ max-width: 30rem; margin: 1rem; padding: 2rem; background: #fff; border: 1px solid #d6dade; border-radius: 8px; }}
h1 {{ margin: 0 0 1rem; font-size: 1.25rem; }} p {{ margin: 0 0 1rem; }} .en {{ color: #55606c; font-size: .9375rem; }}
button {{ width: 100%; padding: .75rem; font: inherit; font-weight: 700; color: #fff; background: #1c5fa8; border: 0; border-radius: 6px; cursor: pointer; }}
</style></head><body><main>{body}</main></body></html>"""


def is_real(context: Context, mail_id: int, mark: str) -> bool:
    """Whether a mark is the one that this house wrote into this mail."""
    if not 0 < mail_id < NUMBER_MAX or len(mark) != MARK_LENGTH or not mark.isascii():
        return False
    return compare_digest(unsubscribe_mark(context.vault, mail_id), mark)


def asked(context: Context, mail_id: int) -> Response | None:
    """The page with its button; None when there is no such mail."""
    rows = sql.rows(context.connection, "mail_consent_of", mail_id=mail_id)
    if not rows:
        return None
    shop = str(rows[0].shop_name)
    return _page(
        "お知らせメールの停止 | Unsubscribe",
        f"{side(shop, 'ja')} からのお知らせ（広告）メールを止めます。ご注文についてのメールは、これからもお送りします。 | "
        f"This stops advertising mails of {side(shop, 'en')}. Mails about your orders still come.",
        '<form method="post"><button>停止する | Unsubscribe</button></form>',
    )


def left(context: Context, mail_id: int) -> Response | None:
    """Withdraw consent and say so; None when there is no such mail. Twice is like once."""
    rows = sql.rows(context.connection, "mail_consent_of", mail_id=mail_id)
    if not rows:
        return None
    if rows[0].customer_id is not None:
        sql.call(
            context.connection,
            "mail.consent_set",
            rows[0].customer_id,
            rows[0].shop_id,
            False,
            HOW,
        )
    return _page(
        "停止しました | Unsubscribed",
        "お知らせ（広告）メールは、もう届きません。行き違いで届くことがあります。 | "
        "You are unsubscribed. One that was on its way may still come.",
    )


def _page(title: str, said: str, more: str = "") -> Response:
    heading, japanese, english = (
        escape(one) for one in (side(title, "ja"), side(said, "ja"), side(said, "en"))
    )
    body = f'<h1>{heading}</h1><p>{japanese}</p><p class="en" lang="en">{english}</p>{more}'
    answer = Response(PAGE.format(title=escape(title), body=body), mimetype="text/html")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    )
    return answer
