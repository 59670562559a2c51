"""Customers of the simulated malls: invented people who buy, pay late, change their minds and write notes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Final

from sync.simulated.floor import Basket, MallCoupon, MallListing, MallPerson

PEOPLE: Final = 4_000
FREE_SHIPPING_FROM: Final = Decimal(5400)
SHIPPING_FEE: Final = Decimal(660)
COD_FEE: Final = Decimal(330)
GIFT_FEE: Final = Decimal(220)
YEN_PER_USD: Final = Decimal(150)

_FAMILY: Final = (
    ("見本", "ミホン"), ("試田", "タメシダ"), ("仮屋", "カリヤ"), ("例野", "レイノ"), ("架空", "カクウ"),
    ("髙橋", "タカハシ"), ("山﨑", "ヤマザキ"), ("渡邊", "ワタナベ"), ("佐藤", "サトウ"), ("小鳥遊", "タカナシ"),
)  # fmt: skip
_GIVEN: Final = (
    ("花子", "ハナコ"), ("太郎", "タロウ"), ("陽菜", "ヒナ"), ("蓮", "レン"), ("葵", "アオイ"),
    ("さくら", "サクラ"), ("健一", "ケンイチ"), ("美咲", "ミサキ"), ("翔", "ショウ"), ("凛", "リン"),
)  # fmt: skip
_PLACES: Final = (
    ("060-0001", "北海道", "札幌市中央区", "北一条西"), ("980-0011", "宮城県", "仙台市青葉区", "上杉"),
    ("100-0001", "東京都", "千代田区", "千代田"), ("150-0001", "東京都", "渋谷区", "神宮前"),
    ("231-0001", "神奈川県", "横浜市中区", "新港"), ("460-0001", "愛知県", "名古屋市中区", "三の丸"),
    ("600-8001", "京都府", "京都市下京区", "真町"), ("530-0001", "大阪府", "大阪市北区", "梅田"),
    ("730-0011", "広島県", "広島市中区", "基町"), ("810-0001", "福岡県", "福岡市中央区", "天神"),
    ("900-0001", "沖縄県", "那覇市", "港町"), ("100-1401", "東京都", "八丈町", "大賀郷"),
)  # fmt: skip
_NOTES: Final = (
    "平日の午前中は不在です。夕方以降にお願いします。",
    "のし(御祝)をお願いします。名入れは「見本」です。",
    "領収書をお願いします。宛名は空欄で。",
    "先日の注文と一緒に送ってください。",
    "割れ物なので丁寧に包んでください🙏",
    "できるだけ早く届くと助かります。",
)  # fmt: skip
_SLOTS: Final = ("", "", "am", "14:00-16:00", "18:00-20:00", "19:00-21:00")
_PAYMENTS: Final = (
    ("card", 70), ("convenience_store", 12), ("bank_transfer", 4), ("cod", 8), ("deferred", 6),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What a customer will do about an order later, after so many seconds."""

    after_s: float
    act: str


@cache
def someone(number: int) -> MallPerson:
    """Invent the person of a number: who comes again is the same. Mail and phone are of ranges that reach nobody."""
    chance = random.Random(number)  # noqa: S311  # wishes, not secrets
    (family, family_kana), (given, given_kana) = chance.choice(_FAMILY), chance.choice(_GIVEN)
    postal_code, region, city, street = chance.choice(_PLACES)
    return MallPerson(
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        email=f"customer{number}@example.com",
        phone=f"090-0000-{number:04d}",
        postal_code=postal_code,
        region=region,
        city=city,
        street=f"{street}{chance.randint(1, 8)}-{chance.randint(1, 30)}",
    )


class Customers:
    """The people who shop at one mall. The same seed gives the same people and wishes."""

    def __init__(self, *, seed: int, channel_code: str) -> None:
        self._random = random.Random(seed)  # noqa: S311  # wishes, not secrets
        self._channel_code = channel_code

    def person(self) -> MallPerson:
        """Somebody of this town."""
        return someone(self._random.randint(1, PEOPLE))

    def basket(
        self,
        listings: Sequence[MallListing],
        *,
        today: date,
        wanted: Sequence[tuple[str, int]] | None = None,
    ) -> Basket:
        """Invent an order of one to three things; one of what is wanted is plain, without whims."""
        is_plain = wanted is not None
        chance = self._random.random
        if wanted is None:
            count = min(len(listings), self._random.choice((1, 1, 1, 2, 2, 3)))
            picked = self._random.sample(listings, count)
            wanted = [(item.listing_no, self._random.choice((1, 1, 1, 2, 3))) for item in picked]
        prices = {item.listing_no: item.price for item in listings}
        goods = sum((prices.get(no, Decimal(0)) * count for no, count in wanted), Decimal(0))
        number = self._random.randint(1, PEOPLE)
        buyer = someone(number)
        recipient = self.person() if chance() < 0.12 else buyer
        if chance() < 0.02 and not is_plain:
            recipient = replace(recipient, phone="", street="")
        (method,) = self._random.choices(
            [name for name, _ in _PAYMENTS], [weight for _, weight in _PAYMENTS]
        )
        is_gift = chance() < 0.06
        basket = Basket(
            wanted=tuple(wanted),
            buyer=buyer,
            recipient=recipient,
            customer_no=f"C{number:06d}",
            payment_method=method,
            is_paid=method in {"card", "deferred"},
            shipping_fee=SHIPPING_FEE if is_plain else self._shipping_fee(goods),
            cod_fee=COD_FEE if method == "cod" else Decimal(0),
            gift_fee=GIFT_FEE if is_gift else Decimal(0),
            coupons=self._coupons(goods),
            points_used=self._points(goods),
            note=self._random.choice(_NOTES) if chance() < 0.10 and not is_plain else "",
            requested_on=(today + timedelta(days=self._random.randint(3, 12))).isoformat()
            if chance() < 0.25 and not is_plain
            else "",
            time_slot=self._random.choice(_SLOTS),
            is_gift=is_gift,
        )
        if self._channel_code == "minato" and chance() < 0.06 and not is_plain:
            return self._abroad(basket)
        return basket

    def follow_ups(self, basket: Basket) -> Sequence[FollowUp]:
        """Decide what this customer will do later."""
        chance, wait_s = self._random.random, self._random.uniform
        later: list[FollowUp] = []
        if not basket.is_paid and basket.payment_method != "cod" and chance() < 0.85:
            later.append(FollowUp(after_s=wait_s(20, 300), act="pay"))
        if basket.shipping_fee is None:
            later.append(FollowUp(after_s=wait_s(20, 120), act="fix_fee"))
        if chance() < 0.04:
            later.append(FollowUp(after_s=wait_s(5, 120), act="cancel"))
        elif chance() < 0.04:
            act = self._random.choice(("change_address", "change_quantity", "add_note"))
            later.append(FollowUp(after_s=wait_s(5, 90), act=act))
        return later

    def note(self) -> str:
        """Write something to the shop."""
        return self._random.choice(_NOTES)

    def pause_s(self, per_minute: float) -> float:
        """How long until the next customer comes."""
        return self._random.expovariate(per_minute / 60)

    def _shipping_fee(self, goods: Decimal) -> Decimal | None:
        if self._channel_code == "hinode" and self._random.random() < 0.04:
            return None
        return Decimal(0) if goods >= FREE_SHIPPING_FROM else SHIPPING_FEE

    def _coupons(self, goods: Decimal) -> tuple[MallCoupon, ...]:
        if goods < 1500 or self._random.random() > 0.10:
            return ()
        bearer = self._random.choice(("shop", "mall"))
        name = "店舗クーポン" if bearer == "shop" else "モールクーポン"
        return (MallCoupon(coupon_code="THANKS", name=name, bearer=bearer, amount=Decimal(200)),)

    def _points(self, goods: Decimal) -> Decimal:
        if goods < 1000 or self._random.random() > 0.15:
            return Decimal(0)
        return Decimal(self._random.randint(1, 500))

    def _abroad(self, basket: Basket) -> Basket:
        number = self._random.randint(0, 99)
        person = MallPerson(
            family_name="Example",
            given_name=("Alex", "Kim", "Maria", "José")[number % 4],
            email=f"abroad{number}@example.com",
            phone=f"+1-202-555-{100 + number:04d}",
            postal_code="99950",
            country_code="US",
            region="AK",
            city="Ketchikan, ",
            street=f"{number + 1} Example Street",
        )
        return replace(
            basket,
            buyer=person,
            recipient=person,
            customer_no=f"A{number:06d}",
            payment_method="card",
            is_paid=True,
            currency_code="USD",
            yen_per_unit=YEN_PER_USD,
            shipping_fee=Decimal("18.00"),
            cod_fee=Decimal("0.00"),
            gift_fee=Decimal("0.00"),
            coupons=(),
            points_used=Decimal(0),
            requested_on="",
            time_slot="",
            is_gift=False,
        )
