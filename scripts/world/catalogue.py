"""What the demo shop sells: invented products, as data for the malls and for the demo's filler.

Prices are yen with tax. Food and drink is taxed at 8 %, the rest at 10 %. GTINs are of the range that GS1 leaves to
a shop's own use (20 to 29).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

FOOD: Final = Decimal("0.08")
GOODS: Final = Decimal("0.10")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueSku:
    """One thing on the shelf, or a bundle of such (`parts`: SKU code and quantity).

    `opening` is the stock to begin with; `on_sale_in_days` marks a preorder, and `oversell_limit`
    how many may be promised before they arrive.
    """

    product_code: str
    product_name: str
    category: str
    sku_code: str
    option: str
    price: Decimal
    tax_rate: Decimal
    gtin: str
    opening: int = 0
    parts: tuple[tuple[str, int], ...] = ()
    on_sale_in_days: int | None = None
    oversell_limit: int = 0

    @property
    def sku_name(self) -> str:
        """Name of the product with its option."""
        return f"{self.product_name} {self.option}".strip()

    def listing_no(self, channel_code: str) -> str:
        """Number of this SKU's listing at a mall."""
        if channel_code == "hinode":
            suffix = self.sku_code.removeprefix(self.product_code).strip("-").lower()
            return f"{self.product_code.lower()}/{suffix or 'std'}"
        return self.sku_code


# Product code, name, category, tax rate, then variants: suffix, option, price, opening stock.
Variant = tuple[str, str, int, int]
_PRODUCTS: Final[tuple[tuple[str, str, str, Decimal, tuple[Variant, ...]], ...]] = (
    ("SEN", "深蒸し煎茶", "茶", FOOD, (("100", "100g", 1080, 240), ("500", "500g", 4860, 40))),
    ("GYO", "玉露 朝霧", "茶", FOOD, (("50", "50g", 1620, 90), ("100", "100g", 3024, 60))),
    (
        "HOJ",
        "ほうじ茶 香ばし",
        "茶",
        FOOD,
        (("100", "100g", 648, 180), ("TB", "ティーバッグ20個", 756, 150)),
    ),
    ("GEN", "玄米茶", "茶", FOOD, (("200", "200g", 702, 160),)),
    ("MAT", "抹茶 松の音", "茶", FOOD, (("30", "30g缶", 1944, 70), ("100", "100g袋", 5400, 25))),
    ("KUK", "かりがね茎茶", "茶", FOOD, (("100", "100g", 864, 110),)),
    ("WAK", "和紅茶", "茶", FOOD, (("50", "50g", 918, 80), ("TB", "ティーバッグ10個", 702, 120))),
    ("SOB", "国産そば茶", "茶", FOOD, (("150", "150g", 594, 140),)),
    ("KOM", "こんぶ茶", "茶", FOOD, (("40", "40g", 486, 100),)),
    ("MUG", "六条麦茶", "茶", FOOD, (("52", "52包", 540, 200),)),
    (
        "YOK",
        "本練り羊羹",
        "菓子",
        FOOD,
        (("OG", "小倉", 1296, 90), ("MA", "抹茶", 1404, 80), ("KU", "栗", 1620, 50)),
    ),
    (
        "SEB",
        "手焼きせんべい",
        "菓子",
        FOOD,
        (("SH", "醤油 12枚", 864, 130), ("GO", "胡麻 12枚", 918, 110)),
    ),
    ("KIN", "金平糖", "菓子", FOOD, (("5C", "五色", 432, 220), ("YZ", "柚子", 486, 140))),
    ("MON", "最中 十個入", "菓子", FOOD, (("10", "", 1944, 45),)),
    ("KAS", "かすてら", "菓子", FOOD, (("H", "半斤", 972, 70), ("F", "一斤", 1836, 40))),
    ("DOR", "どら焼き", "菓子", FOOD, (("6", "6個入", 1512, 60),)),
    ("ARA", "あられ詰合せ", "菓子", FOOD, (("1", "", 1188, 85),)),
    ("KAR", "黒糖かりんとう", "菓子", FOOD, (("150", "150g", 540, 150),)),
    ("WAS", "和三盆 干菓子", "菓子", FOOD, (("16", "16粒", 1080, 65),)),
    ("AMZ", "米麹の甘酒", "食品", FOOD, (("500", "500ml", 756, 95),)),
    ("HAC", "国産百花はちみつ", "食品", FOOD, (("250", "250g", 1728, 55),)),
    ("UME", "南高梅 はちみつ", "食品", FOOD, (("300", "300g", 1620, 75),)),
    ("NOR", "有明焼き海苔", "食品", FOOD, (("10", "10枚", 918, 130),)),
    ("MIS", "蔵出し味噌", "食品", FOOD, (("W", "白 500g", 864, 70), ("R", "赤 500g", 864, 75))),
    ("SHO", "木桶仕込み醤油", "食品", FOOD, (("500", "500ml", 1134, 85),)),
    ("DAS", "あごだしパック", "食品", FOOD, (("20", "20包", 1404, 120),)),
    ("SOU", "手延べそうめん", "食品", FOOD, (("1K", "1kg箱", 2376, 40),)),
    ("RIC", "特別栽培米", "食品", FOOD, (("2", "2kg", 2052, 50), ("5", "5kg", 4752, 30))),
    ("KYU", "常滑焼 急須", "器", GOODS, (("R", "朱", 4950, 25), ("K", "黒", 4950, 20))),
    ("YUN", "美濃焼 湯呑", "器", GOODS, (("B", "青", 1320, 60), ("W", "白", 1320, 70))),
    ("CHA", "抹茶碗", "器", GOODS, (("KU", "黒釉", 6600, 12), ("AO", "青釉", 6600, 10))),
    ("MES", "飯碗", "器", GOODS, (("L", "大", 1650, 55), ("S", "小", 1540, 60))),
    ("SAR", "取り皿 五枚組", "器", GOODS, (("5", "", 3300, 30),)),
    (
        "MAM",
        "豆皿",
        "器",
        GOODS,
        (("TU", "鶴", 770, 90), ("KA", "亀", 770, 90), ("UM", "梅", 770, 80)),
    ),
    ("GUI", "錫のぐい呑み", "器", GOODS, (("1", "", 5500, 18),)),
    ("WAN", "漆の汁椀", "器", GOODS, (("R", "赤", 3850, 24), ("K", "黒", 3850, 26))),
    ("HAS", "塗り箸", "器", GOODS, (("23", "23cm", 1100, 110), ("21", "21cm", 1100, 105))),
    ("BEN", "曲げわっぱ弁当箱", "器", GOODS, (("M", "", 7700, 15),)),
    ("GLA", "手吹きグラス", "器", GOODS, (("CL", "透明", 2200, 40), ("AI", "藍", 2420, 35))),
    ("CSN", "茶筅", "茶道具", GOODS, (("1", "", 2640, 35),)),
    ("CSK", "茶杓", "茶道具", GOODS, (("1", "", 990, 45),)),
    ("NAT", "棗", "茶道具", GOODS, (("1", "", 4400, 14),)),
    ("CZT", "茶筒", "茶道具", GOODS, (("200", "200g用", 2750, 28),)),
    (
        "IMA",
        "今治タオル",
        "布",
        GOODS,
        (
            ("F", "フェイス 白", 1320, 120),
            ("FB", "フェイス 紺", 1320, 110),
            ("B", "バス 白", 3520, 50),
        ),
    ),
    (
        "TEN",
        "注染手ぬぐい",
        "布",
        GOODS,
        (("AS", "麻の葉", 1100, 95), ("SE", "青海波", 1100, 95), ("IC", "市松", 1100, 90)),
    ),
    ("FUR", "風呂敷", "布", GOODS, (("50", "50cm", 1430, 60), ("90", "90cm", 2860, 35))),
    ("FUK", "かや織ふきん", "布", GOODS, (("3", "3枚組", 1320, 130),)),
    ("MAE", "藍染め前掛け", "布", GOODS, (("1", "", 4180, 22),)),
    ("TAB", "足袋ソックス", "布", GOODS, (("M", "23-25cm", 880, 85), ("L", "25-27cm", 880, 80))),
    ("NOU", "麻のれん", "布", GOODS, (("1", "", 6380, 12),)),
    ("SEN2", "線香 白檀", "香", GOODS, (("1", "", 1650, 55),)),
    ("NIO", "匂い袋", "香", GOODS, (("S", "桜", 660, 100), ("K", "金木犀", 660, 100))),
    ("ROU", "和ろうそく", "香", GOODS, (("5", "5本", 1540, 48),)),
    ("WAG", "和傘", "小物", GOODS, (("1", "", 16500, 5),)),
    ("FUU", "南部鉄風鈴", "小物", GOODS, (("1", "", 2750, 32),)),
    ("UCH", "京うちわ", "小物", GOODS, (("1", "", 1980, 40),)),
)

# Product code, name, tax rate, price, parts.
_BUNDLES: Final[tuple[tuple[str, str, Decimal, int, tuple[tuple[str, int], ...]], ...]] = (
    ("SETA", "お茶三種セット", FOOD, 2300, (("SEN-100", 1), ("HOJ-100", 1), ("GEN-200", 1))),
    ("SETB", "急須と煎茶のセット", GOODS, 5700, (("KYU-R", 1), ("SEN-100", 1))),
    ("SETC", "夫婦湯呑", GOODS, 2420, (("YUN-B", 1), ("YUN-W", 1))),
    ("SETD", "お抹茶はじめてセット", GOODS, 10800, (("MAT-30", 1), ("CHA-KU", 1), ("CSN-1", 1))),
    ("SETE", "羊羹三本", FOOD, 4104, (("YOK-OG", 1), ("YOK-MA", 1), ("YOK-KU", 1))),
    ("SETF", "今治フェイス四枚", GOODS, 4950, (("IMA-F", 2), ("IMA-FB", 2))),
    ("SETG", "煎茶まとめ買い 三袋", FOOD, 3100, (("SEN-100", 3),)),
)

# Product code, name, tax rate, price, days until it goes on sale, first pieces here, how many more may
# be promised.
_PREORDERS: Final[tuple[tuple[str, str, Decimal, int, int, int, int], ...]] = (
    ("SHIN", "新茶 八十八夜 100g【予約】", FOOD, 1620, 60, 10, 110),
    ("OSE", "おせち用 重箱【予約】", GOODS, 8800, 30, 2, 18),
)


@cache
def catalogue() -> tuple[CatalogueSku, ...]:
    """Return all SKUs; parts stand before the bundles that hold them."""
    skus = list(_single())
    for code, name, tax_rate, price, parts in _BUNDLES:
        skus.append(
            CatalogueSku(
                product_code=code,
                product_name=name,
                category="セット",
                sku_code=code,
                option="",
                price=Decimal(price),
                tax_rate=tax_rate,
                gtin=gtin(len(skus) + 1),
                parts=parts,
            )
        )
    for code, name, tax_rate, price, days, opening, limit in _PREORDERS:
        skus.append(
            CatalogueSku(
                product_code=code,
                product_name=name,
                category="予約",
                sku_code=code,
                option="",
                price=Decimal(price),
                tax_rate=tax_rate,
                gtin=gtin(len(skus) + 1),
                opening=opening,
                on_sale_in_days=days,
                oversell_limit=limit,
            )
        )
    return tuple(skus)


def gtin(number: int) -> str:
    """Make a 13-digit number for use inside one shop, with its check digit (GS1 General Specifications 7.9)."""
    digits = f"20{number:010d}"
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits))
    return digits + str(-total % 10)


def _single() -> Iterator[CatalogueSku]:
    number = 0
    for code, name, category, tax_rate, variants in _PRODUCTS:
        for suffix, option, price, opening in variants:
            number += 1
            yield CatalogueSku(
                product_code=code,
                product_name=name,
                category=category,
                sku_code=f"{code}-{suffix}",
                option=option,
                price=Decimal(price),
                tax_rate=tax_rate,
                gtin=gtin(number),
                opening=opening,
            )
