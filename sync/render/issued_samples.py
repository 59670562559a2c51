"""Issued documents of nobody: what a template of invoices, receipts and returns is tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from sync.render.quotation_samples import NAME_LONG
from sync.render.words import side

KINDS: Final = ("invoice", "simplified_invoice", "receipt", "return_invoice")
"""The documents that are issued for an order."""

NUMBER: Final = "0000000"
"""Of a sample, whatever its letter: no document has it."""

REDUCED: Final = Decimal("0.08")
GOODS: Final = ("深蒸し茶 | Green tea", "急須 | Teapot", "ほうじ茶 | Roasted tea")
PRICES: Final = ("1080", "5500", "648")
RATES: Final = ("0.0800", "0.1000", "0.0800")
FEES: Final = (("送料 | Shipping fee", "550"), ("値引 | Discount", "-330"))
PERSON: Final = "髙橋 𠮷子 | Yoshiko Takahashi"
COMPANY: Final = "株式会社みほん商事 東京本社 総務部 | Sample Trading Co., Tokyo head office"
SENDER: Final = "見本の店 | Sample shop"
LETTERS: Final = {"invoice": "I", "simplified_invoice": "S", "receipt": "R", "return_invoice": "C"}

Facts = Mapping[str, Any]


def facts(document_kind: str, language: str) -> Sequence[Facts]:
    """What the ledger would say of the sample documents of a kind; nothing for a kind that is not issued.

    An ordinary order of two rates, one for a company with what a mall pays, one that says as little
    as can be, one in foreign money, a long one.
    """
    if document_kind not in KINDS:
        return ()
    names_nobody = document_kind == "simplified_invoice"
    unqualified = {"is_qualified": False} if document_kind == "receipt" else {}
    return [
        _one(document_kind, language, 3, addressee="" if names_nobody else side(PERSON, language)),
        _one(document_kind, language, 8, addressee=side(COMPANY, language), mall_paid="1000"),
        _one(document_kind, language, 1, fees=(), proviso="", payment_label="", **unqualified),
        _one(document_kind, language, 4, currency_code="USD", exchange_rate="151.23"),
        _one(document_kind, language, 45),
    ]


def _one(
    document_kind: str,
    language: str,
    lines: int,
    *,
    fees: Sequence[tuple[str, str]] = FEES,
    **more: Any,  # noqa: ANN401 - any of the facts
) -> dict[str, Any]:
    rate = Decimal(str(more.get("exchange_rate", "1")))
    rows = [goods(number, language) for number in range(lines)]
    rows += [_fee(name, amount) for name, amount in fees]
    rates = taxes(rows, Decimal("0.01") if rate != 1 else Decimal(1), rate)
    is_return = document_kind == "return_invoice"
    return {
        "document_kind": document_kind,
        "locale": language,
        "currency_code": "JPY",
        "base_currency": "JPY",
        "exchange_rate": "1",
        "is_qualified": True,
        "document_no": f"{LETTERS[document_kind]}-{NUMBER}",
        "issued_on": "2026-11-26",
        "transaction_on": "2026-11-24",
        "order_no": f"D{lines:08}",
        "external_order_no": f"300012-20261124-{lines:07}",
        "addressee": side(PERSON, language),
        "proviso": side("お茶代として | For tea", language),
        "sender": {
            "name": side(SENDER, language),
            "registration_no": "T1234567890123",
            "postal_code": "604-8151",
            "address": side("京都市中京区1-2 | 1-2 Nakagyo, Kyoto", language),
            "phone": "075-111-2222",
            "email": "shop@example.jp",
            "greeting": "",
            "note": "",
        },
        "original_no": f"I-{NUMBER}" if is_return else "",
        "original_on": "2026-11-10" if is_return else None,
        "original_transaction_on": "2026-11-09" if is_return else None,
        "lines": rows,
        "tax_lines": rates,
        "tax_inclusive": True,
        "total": str(sum(Decimal(tax["amount"]) for tax in rates)),
        "tax_total": str(sum(Decimal(tax["tax"]) for tax in rates)),
        "mall_paid": "0",
        "reduced_rate": str(REDUCED),
        "payment_method": "bank_transfer",
        "payment_label": "銀行振込 | Bank transfer",
        **more,
    }


def goods(number: int, language: str) -> dict[str, Any]:
    """A line of goods; the second has a long name."""
    place, quantity = number % len(GOODS), number % 4 + 1
    name = f"{side(GOODS[place], language)} {number + 1}"
    return {
        "part_kind": "goods",
        "name": NAME_LONG if number == 1 and language == "ja" else name,
        "option": side("のし：御歳暮 | With a gift band", language) if number % 3 == 1 else "",
        "code": f"TEA-{number + 1:03}",
        "quantity": quantity,
        "unit_price": PRICES[place],
        "amount": str(int(PRICES[place]) * quantity),
        "tax_rate": RATES[place],
        "is_reduced": Decimal(RATES[place]) == REDUCED,
    }


def _fee(name: str, amount: str) -> dict[str, Any]:
    return {
        "part_kind": "fee",
        "name": name,
        "option": "",
        "code": "",
        "quantity": None,
        "unit_price": None,
        "amount": amount,
        "tax_rate": "0.1000",
        "is_reduced": False,
    }


def taxes(
    rows: Sequence[Facts], unit: Decimal, exchange_rate: Decimal, *, inclusive: bool = True
) -> list[dict[str, str]]:
    """Amount and tax of each rate, the highest first, rounded down once for each."""
    found: list[dict[str, str]] = []
    for said in sorted({row["tax_rate"] for row in rows}, reverse=True):
        amount = sum((Decimal(row["amount"]) for row in rows if row["tax_rate"] == said), Decimal())
        tax = amount * Decimal(said) / (1 + Decimal(said) if inclusive else 1)
        found.append(
            {
                "tax_rate": said,
                "amount": str(amount),
                "tax": str(tax.quantize(unit, ROUND_DOWN)),
                "tax_base": str((tax * exchange_rate).quantize(Decimal(1), ROUND_DOWN)),
            }
        )
    return found
