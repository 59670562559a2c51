"""Customs forms: what `document.customs_pages` says of an order that goes abroad, as their template wants it. Pure.

The fields and their numbers are those of the forms CN 22 and CN 23 of the Universal Postal Union, as
postal operators print them (La Poste, Royal Mail; OECD 2018, "Misuse of Small Parcels", annex A). Japan
Post asks for CN 22 below 300 SDR and CN 23 from there on, and since March 2024 for electronic data of
all goods sent abroad: these sheets go beside the label of its own system and take its place nowhere.
Not confirmed by an operator's own words: that CN 22 ends at 2 kg. It is the weight at which a small
packet ends; above it this says CN 23.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final

from babel.core import Locale

from sync.render.amounts import day, places_of
from sync.render.house import House

SMALL_PACKET_G: Final = 2_000
LATIN_END: Final = "\u024f"
CATEGORIES: Final = (
    ("gift", "Gift", "Cadeau"),
    ("documents", "Documents", "Documents"),
    ("sale", "Sale of goods", "Vente de marchandises"),
    ("sample", "Commercial sample", "Échantillon commercial"),
    ("returned", "Returned goods", "Retour de marchandise"),
    ("other", "Other", "Autre"),
)
Page = Mapping[str, Any]


def wanting(page: Page) -> Sequence[str]:
    """Why no form can be made of an order: each thing that is missing, in both languages."""
    customs, to = page["customs"], page["recipient"]
    country = _code(to["country_code"])
    if country in ("", customs["home_country"]):
        return ["届け先が国内です。 | The recipient is at home: no form is needed."]
    reasons: list[str] = []
    if not _country(country):
        reasons.append(
            f"届け先の国「{_plain(country)}」が ISO 3166 の二文字ではありません。"
            f" | The recipient's country ({_plain(country)}) is not two letters of ISO 3166."
        )
    if not (to["name"] or to["company"]) or not to["address_line1"]:
        reasons.append(
            "届け先の名前か住所がありません。 | The recipient's name or address is missing."
        )
    if not _is_latin(customs["sender_name"]) or not _is_latin(customs["sender_address"]):
        reasons.append(
            "差出人の英語の名称と住所を「差出人」に入れます。"
            " | Give the sender's name and address in English under Sender."
        )
    if not customs["lines"]:
        reasons.append("送る品がありません。 | There are no goods to send.")
    for line in customs["lines"]:
        reasons += _wanting_of(line)
    return reasons


def customs_form(page: Page, house: House) -> dict[str, Any]:
    """One form, in English and French whoever asks; what a person weighs and signs stays open."""
    customs, to, currency = page["customs"], page["recipient"], str(page["currency_code"])
    is_small = customs["is_small"] and customs["weight_g"] <= SMALL_PACKET_G
    return {
        "form": "CN 22" if is_small else "CN 23",
        "order_no": page["order_no"],
        "external_order_no": page["external_order_no"],
        "invoice_no": customs["invoice_no"],
        "made_on": day(house.issued_on, house.zone, "en"),
        "sender": {
            "name": customs["sender_name"],
            "address": customs["sender_address"],
            "postal_code": page["sender"]["postal_code"],
            "country": _country_said(customs["home_country"]),
            "phone": page["sender"]["phone"],
            "email": page["sender"]["email"],
        },
        "recipient": {
            "name": to["name"],
            "company": to["company"],
            "address_line1": to["address_line1"],
            "address_line2": to["address_line2"],
            "region": to["region"],
            "postal_code": to["postal_code"],
            "country": _country_said(_code(to["country_code"])),
            "phone": customs["recipient_phone"],
            "email": customs["recipient_email"],
        },
        # A present that a shop sold is a sale to customs
        "categories": [
            {"english": english, "french": french, "is_so": code == "sale"}
            for code, english, french in CATEGORIES
        ],
        "lines": [
            {
                "description": line["description"] or line["name"],
                "code": line["code"],
                "quantity": f"{line['quantity']:,}",
                "weight": _kg(line["weight_g"]),
                "value": _value(line["amount"], currency),
                "hs_code": line["hs_code"],
                "origin": line["origin"],
            }
            for line in customs["lines"]
        ],
        "currency": currency,
        "total": _value(customs["total"], currency),
        "weight": _kg(customs["weight_g"]),
    }


def _wanting_of(line: Page) -> Sequence[str]:
    name = _plain(line["code"] or line["name"])
    if not line["code"]:
        return [f"{name}: SKU に対応していません。 | {name}: not linked to a SKU."]
    reasons: list[str] = []
    if not line["description"]:
        reasons.append(
            f"{name}: 通関情報（英語の品名、HS コード、原産国）がありません。"
            f" | {name}: no customs data (description in English, HS code, country of origin)."
        )
    if not line["weight_g"]:
        reasons.append(f"{name}: 重さがありません。 | {name}: no weight.")
    if Decimal(line["amount"]) <= 0:
        reasons.append(
            f"{name}: 金額が 0 です。税関には値打ちのある額を申告します。"
            f" | {name}: its price is 0. Customs want a value."
        )
    return reasons


def _kg(weight_g: int | None) -> str:
    return f"{Decimal(weight_g or 0) / 1000:.3f}"


def _value(said: str, currency: str) -> str:
    """An amount without its sign: the currency stands in the head of its column."""
    return f"{Decimal(said):,.{places_of(currency)}f}"


def _code(country: str) -> str:
    return country.strip().upper()


@cache
def _country(code: str) -> tuple[str, str] | None:
    """The names of a country in English and French; None for what is no country's code."""
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        return None
    said = [Locale(language).territories.get(code) for language in ("en", "fr")]
    return (str(said[0]), str(said[1])) if all(said) else None


def _country_said(code: str) -> str:
    names = _country(code)
    return f"{names[0].upper()} ({code})" if names else code


def _is_latin(text: str) -> bool:
    return bool(text.strip()) and all(letter <= LATIN_END for letter in text)


def _plain(text: str) -> str:
    return text.replace("|", "/")
