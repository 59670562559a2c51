"""The texts that a shop begins with, written for one order: as they are to be read."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sync.render import mails
from sync.render.mails import Template

GOLDEN = Path(__file__).with_name("golden")
FACTS = {
    "order_no": "D00000007",
    "external_order_no": "371-20261125-0007",
    "ordered_at": "2026-11-25T03:04:05+00:00",
    "payment_label": "銀行振込 | Bank transfer",
    "currency_code": "JPY",
    "item_total": "3240",
    "shipping_fee": "600",
    "fee_total": "0",
    "discount_total": "100",
    "points_used": "0",
    "total": "3740",
    "paid": "0",
    "refunded": "500",
    "is_gift": False,
    "requested_delivery_on": "2026-11-30",
    "delivery_time_slot": "午前中",
    "ship_not_before": None,
    "buyer_name": "𠮷田 花子",
    "buyer_company": "",
    "recipient": {
        "name": "髙橋 一郎",
        "company": "㈱はしご",
        "postal_code": "150-0001",
        "region": "東京都",
        "address_line1": "渋谷区神宮前1-2-3",
        "address_line2": "コーポ①",
    },
    "sender": {
        "name": "お茶の店",
        "phone": "03-1234-5678",
        "email": "shop@shop.example",
        "address": "東京都千代田区丸の内1-1-1",
    },
    "lines": [
        {
            "name": "煎茶",
            "option": "100g",
            "code": "SEN-100",
            "quantity": 2,
            "unit_price": "1080",
            "amount": "2160",
        },
        {
            "name": "ほうじ茶",
            "option": "",
            "code": "HOJ-100",
            "quantity": 1,
            "unit_price": "1080",
            "amount": "1080",
        },
    ],
    "shipments": [
        {
            "carrier": "ヤマト運輸 | Yamato",
            "tracking_no": "1234-5678-9012",
            "shipped_at": "2026-11-26T01:00:00+00:00",
        },
        {
            "carrier": "ヤマト運輸 | Yamato",
            "tracking_no": "1234-5678-9023",
            "shipped_at": "2026-11-26T01:00:00+00:00",
        },
    ],
}


@pytest.fixture(scope="module")
def standard(loaded):
    return loaded.execute(
        "select template_code::text as code, locale, subject, text_body from mail.standard_template order by 1, 2"
    ).fetchall()


@pytest.fixture(scope="module")
def known(loaded):
    return [
        row.variable for row in loaded.execute("select variable from mail.mail_variable").fetchall()
    ]


def test_each_standard_mail_reads_as_it_should(standard, known):
    assert len(standard) == 24
    for row in standard:
        template = Template(subject=row.subject, text=row.text_body)
        assert mails.check(template, known)
        written = mails.write(
            template,
            mails.data_of(
                FACTS,
                row.locale,
                ZoneInfo("Asia/Tokyo"),
                unsubscribe_url="https://daicho.example/in/unsubscribe/7-abc",
            ),
        )
        said = f"{written.subject}\n\n{written.text}"
        golden = GOLDEN / f"{row.code}.{row.locale}.txt"
        assert said == golden.read_text(encoding="utf-8"), golden.name


def test_every_variable_that_is_offered_is_there(known):
    data = mails.data_of(FACTS, "ja", ZoneInfo("Asia/Tokyo"))
    text = "".join(
        f"{{{{ {name} }}}}\n" for name in known if not name.startswith(("lines", "shipments"))
    )
    for each in mails.LISTS:
        items = [name.partition(".")[2] for name in known if name.startswith(f"{each}.")]
        text += (
            f"{{% for one in {each} %}}"
            + "".join(f"{{{{ one.{item} }}}}" for item in items)
            + "{% endfor %}"
        )
    assert mails.write(Template(subject="x", text=text), data).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ ordr.no }}", "ordr.no"),
        ("{{ order.noo }}", "order.noo"),
        ("{% for one in lines %}{{ one.nme }}{% endfor %}", "lines.nme"),
        ("{% for i in (1..99999999) %}x{% endfor %}", "(1..99999999)"),
        ("{% for i in (1..9999) %}{% for j in (1..9999) %}x{% endfor %}{% endfor %}", "(1..9999)"),
        (
            "{% assign a = 'xxxxxxxx' %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
            "(1..40)",
        ),
        (
            (
                "{% assign a = 'xxxxxxxx' %}{% for x in lines %}{% for y in lines %}{% for z in shipments %}{% for w in lines %}{% for v in lines %}"
                "{% assign a = a | append: a %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{{ a }}"
            ),
            "limit",
        ),
        ("{% include 'config.py' %}", "include"),
        ("{% render 'config.py' %}", "render"),
        ("{{ order.__class__.__mro__ }}", "__class__"),
        ("{{ order['no'] | where: 'a' | nofilter }}", "nofilter"),
        ("{% if order.no %}", "endif"),
        ("{{ order[buyer.name] }}", "order"),
        ("{{ 'a' | times: 'x' | foo }}", "foo"),
        ("{% raw %}", "raw"),
    ],
)
def test_a_wrong_or_hostile_template_is_refused_with_its_line(text, said, known):
    with pytest.raises(mails.MailTemplateWrong) as error:
        mails.check(Template(subject="件名", text=f"一行目\n{text}"), known)
    assert error.value.part == "text"
    assert error.value.line in (2, None)
    assert said in error.value.said


def test_hostile_data_is_only_text(known):
    facts = {
        **FACTS,
        "buyer_name": "{% for i in (1..9999999) %}{{ shop.name }}{% endfor %}<script>x</script>\r\nBcc: a@example.com",
    }
    written = mails.write(
        Template(
            subject="{{ buyer.name }}", text="{{ buyer.name }}", html="<p>{{ buyer.name }}</p>"
        ),
        mails.data_of(facts, "ja", ZoneInfo("Asia/Tokyo")),
    )
    assert "\n" not in written.subject
    assert "\r" not in written.subject
    assert "<script>" not in written.html
    assert "{% for" in written.text
