"""Mail by the page: what went, and who may see it; templates saved only when they can be written."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import sql
from sync import jobs
from sync.render.mails import Written
from sync.render.messages import Envelope, composed
from sync.vault import data_keys
from tests.app.shopfront import Person, take_order
from tests.mail.post import Office
from vault import Vault, mail_context

HTML = '<style>p{color:red}</style><p>ありがとう</p><img src="https://spy.example/x.png"><script>alert(1)</script>'
PEOPLE_UNSEEN = ("analyst", "warehouse", "merchandiser", "accounting", "purchasing")


@pytest.fixture(scope="module")
def worker(house: Any) -> Iterator[Any]:
    with sql.connect(house.worker, account_id=1) as connection:
        yield connection


def a_mail(admin: Any, worker: Any, settings: Any, order: int, *, state: str = "sent") -> int:
    """A mail of an order as the worker would have left it."""
    row = one(
        admin,
        "select shop_id, external_order_no from sales.sales_order where sales_order_id = %s",
        order,
    )
    handed = state in ("sent", "unknown", "bounced")
    mail_id = one(
        admin,
        "insert into mail.mail (shop_id, sales_order_id, mail_event, template_code, state, handed_at, message_no, ended_at, attempt,"
        " again_no, reason)"
        " select %s, %s, 'order_received', 'order_received', %s, case when %s then now() end,"
        " case when %s then '<' || gen_random_uuid() || '@shop.example>' end, case when %s <> 'due' then now() end, 1,"
        " (select count(*) from mail.mail where sales_order_id = %s), case when %s = 'unknown' then '答えがありません。 | No answer.' end"
        " returning mail_id",
        row.shop_id, order, state, handed, handed, state, order, state,
    ).mail_id  # fmt: skip
    if handed:
        message = composed(
            Written(subject="ご注文ありがとうございます", text="山田 花子 様\n", html=HTML),
            Envelope(
                from_name="茶の店",
                from_address="shop@shop.example",
                to_address="hanako@example.com",
                reply_to="",
                message_no="<a@shop.example>",
                dated=one(admin, "select now() as at").at,
            ),
        )
        keys = data_keys(worker, Vault(settings.secret_keys), row.shop_id, [row.external_order_no])
        body = keys.seal(row.external_order_no, mail_context(mail_id), message)
        admin.execute(
            "insert into mail.mail_party values (%s, %s, 'hanako@example.com', 'ご注文ありがとうございます', %s)",
            [mail_id, keys.id_of(row.external_order_no), body],
        )
    return int(mail_id)


def one(admin: Any, statement: str, *values: Any) -> Any:
    return admin.execute(statement, values).fetchone()


@pytest.fixture
def sent(admin: Any, worker: Any, settings: Any, first_order: int) -> int:
    return a_mail(admin, worker, settings, first_order)


def test_a_mail_is_read_as_it_went(owner: Person, sent: int) -> None:
    page = owner.get(f"/mail/mail/show/{sent}")
    assert page.status_code == 200
    assert f'data-lazy="/mails/{sent}/part"' in page.text
    part = owner.get(f"/mails/{sent}/part")
    for words in (
        "hanako@example.com",
        "ご注文ありがとうございます",
        "山田 花子 様",
        "送信サーバーに渡しました",
    ):
        assert words in part.text
    assert "<script>" not in part.text
    owner.post("/language/en")
    assert "Handed to the mail server." in owner.get(f"/mails/{sent}/part").text


def test_the_html_of_a_mail_runs_and_loads_nothing(owner: Person, sent: int) -> None:
    frame = owner.get(f"/mails/{sent}/html")
    assert frame.status_code == 200
    policy = frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "; sandbox;" in policy
    assert "script-src" not in policy
    assert "http" not in policy
    assert "ありがとう" in frame.text
    assert 'sandbox src="/mails/' in owner.get(f"/mails/{sent}/part").text
    # Every other page keeps its own policy
    assert "frame-ancestors 'none'" in owner.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("role", PEOPLE_UNSEEN)
def test_who_may_not_see_people_reads_no_mail(signed_in: Any, role: str, sent: int) -> None:
    person = signed_in(role)
    for address in (f"/mails/{sent}/part", f"/mails/{sent}/html", f"/mail/mail/show/{sent}"):
        assert person.get(address).status_code == 403, address


def test_nobody_reads_a_mail_without_signing_in(nobody: Person, sent: int) -> None:
    assert nobody.get(f"/mails/{sent}/part").status_code in (302, 401)


def test_mails_of_other_shops_are_as_if_they_were_not(
    app: Any, admin: Any, sent: int, passwords: Any
) -> None:
    person = Person(app)
    assert person.sign_in(*passwords["order_desk"]).status_code == 302
    assert person.get(f"/mails/{sent}/part").status_code == 200
    account = "update staff.account set sees_all_shops = %s where login_name = 'the_order_desk'"
    admin.execute(account, [False])
    try:
        for address in (f"/mails/{sent}/part", f"/mails/{sent}/html", f"/mail/mail/show/{sent}"):
            assert person.get(address).status_code == 404, address
    finally:
        admin.execute(account, [True])


def test_a_forgotten_mail_says_so(owner: Person, admin: Any, worker: Any, settings: Any) -> None:
    order = take_order(worker, "M-forget")
    mail_id = a_mail(admin, worker, settings, order)
    assert "山田 花子 様" in owner.get(f"/mails/{mail_id}/part").text
    forgot = owner.post(
        "/sales/sales_order/act/customer.forget", {"rowid": str(order), "confirm": "1"}
    )
    assert forgot.status_code == 302
    part = owner.get(f"/mails/{mail_id}/part").text
    assert "消去したので" in part
    assert "hanako" not in part
    assert owner.get(f"/mails/{mail_id}/html").status_code == 404


def test_the_slip_of_an_order_lists_its_mails(owner: Person, sent: int, first_order: int) -> None:
    page = owner.get(f"/sales/sales_order/show/{first_order}").text
    places = [
        owner.get(f"/sales/sales_order/related/{n}/{first_order}").text
        for n in range(6)
        if f"related/{n}/" in page
    ]
    (mails,) = [text for text in places if f"/mail/mail/show/{sent}" in text]
    assert "送信済み" in mails


def test_a_mail_that_nobody_knows_of_is_settled(
    owner: Person, admin: Any, worker: Any, settings: Any
) -> None:
    order = take_order(worker, "M-unknown")
    mail_id = a_mail(admin, worker, settings, order, state="unknown")
    page = owner.get(f"/mail/mail/show/{mail_id}").text
    assert "mail.mail_settle" in page
    assert "mail.mail_again" not in page
    said = {"rowid": str(mail_id), "confirm": "1", "p_went": "y"}
    assert owner.post("/mail/mail/act/mail.mail_settle", said).status_code == 302
    state = "select state::text as state from mail.mail where mail_id = %s"
    assert one(admin, state, mail_id).state == "sent"
    page = owner.get(f"/mail/mail/show/{mail_id}").text
    assert "mail.mail_settle" not in page
    assert "mail.mail_again" in page


# ---- templates
RECEIVED = "select mail_template_id from mail.mail_template where template_code = 'order_received' and locale = 'ja' and shop_id is null and ended_at is null"


@pytest.fixture
def received(admin: Any) -> int:
    return int(one(admin, RECEIVED).mail_template_id)


def typed(admin: Any, number: int, **changed: Any) -> dict[str, Any]:
    row = one(admin, "select * from mail.mail_template where mail_template_id = %s", number)
    return {
        "number": str(number),
        "version": str(row.version),
        "template_name": row.template_name,
        "subject": row.subject,
        "text": row.text_body,
        "html": row.html_body or "",
        "locale": "ja",
        **changed,
    }


def preview(person: Person, **said: Any) -> Any:
    return person.post("/mails/templates/preview.json", {"subject": "s", "text": "t", **said})


def test_a_template_is_changed_and_goes_back(owner: Person, admin: Any, received: int) -> None:
    page = owner.get(f"/mails/templates/{received}")
    assert page.status_code == 200
    assert 'data-insert="order.no"' in page.text
    assert "style=" not in page.text.partition("<main")[2]
    said = typed(
        admin, received, subject="ありがとう {{ order.no }}", attached_kind="delivery_note"
    )
    assert owner.post("/mails/templates/save", said).status_code == 302
    kind = "select attached_kind::text as kind from mail.mail_template where mail_template_id = %s"
    assert one(admin, kind, received).kind == "delivery_note"
    assert 'value="delivery_note" selected' in owner.get(f"/mails/templates/{received}").text
    subject = "select subject from mail.mail_template where mail_template_id = %s"
    assert one(admin, subject, received).subject == "ありがとう {{ order.no }}"
    # Whoever had it open before does not write over that
    late = owner.post("/mails/templates/save", {**said, "subject": "late"})
    assert late.status_code == 409
    assert "先に変えました" in late.text
    assert 'value="late"' in late.text
    back = {"rowid": str(received), "confirm": "1"}
    assert owner.post("/mail/mail_template/act/mail.template_reset", back).status_code == 302
    assert one(admin, subject, received).subject != "ありがとう {{ order.no }}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb {{ order.nothing }}", 2),
        ("\n\n{{ shop.name.__class__.__mro__ }}", 3),
        ("{% include 'secrets' %}", 1),
        ("a\n{% for x in (1..100000000) %}{{ x }}{% endfor %}", 2),
        ("{{ order }", 1),
        ("{% for a in lines %}" * 60 + "{% endfor %}" * 60, 1),
        ("{% assign s = 'aaaaaaaaaaaaaaaa' %}" + "{% assign s = s | append: s %}" * 40, 1),
    ],
)
def test_a_wrong_template_is_shown_at_its_line_and_not_saved(
    owner: Person, admin: Any, received: int, text: str, line: int
) -> None:
    shown = preview(owner, text=text)
    assert shown.status_code == 200
    assert "本文" in shown.get_json()["fault"]
    assert not shown.get_json()["fault"].isascii()
    assert (shown.json["part"], shown.json["line"]) == ("text", line)
    page = owner.post("/mails/templates/save", typed(admin, received, text=text))
    assert page.status_code == 422
    assert f'data-part="text" data-line="{line}"' in page.text
    assert "保存していません" in page.text
    row = one(
        admin, "select text_body from mail.mail_template where mail_template_id = %s", received
    )
    assert row.text_body != text


def test_a_preview_is_of_a_real_order(owner: Person, admin: Any, first_order: int) -> None:
    order = one(
        admin,
        "select order_no, shop_id from sales.sales_order where sales_order_id = %s",
        first_order,
    )
    said = {
        "text": "{{ buyer.name }} 様",
        "subject": "{{ order.shop_no }}",
        "order_no": order.order_no,
    }
    shown = preview(owner, **said).json
    assert (shown["subject"], shown["text"], shown["order"]) == (
        "T-1",
        "山田 花子 様\n",
        order.order_no,
    )
    assert preview(owner, order_no="nowhere").status_code == 404
    assert preview(owner, shop_id="999999", **said).status_code == 404


def test_the_html_is_escaped_and_framed(owner: Person) -> None:
    said = {"text": "t", "subject": "s", "html": "<p>{{ buyer.name }}</p><script>alert(1)</script>"}
    frame = owner.post("/mails/templates/preview.html", said)
    assert frame.status_code == 200
    assert "; sandbox;" in frame.headers["Content-Security-Policy"]
    assert "script-src" not in frame.headers["Content-Security-Policy"]


def test_a_link_that_the_mall_forbids_is_warned_of(
    owner: Person, admin: Any, first_order: int
) -> None:
    order = one(
        admin, "select order_no from sales.sales_order where sales_order_id = %s", first_order
    )
    said = {"text": "https://elsewhere.example/", "order_no": order.order_no}
    assert preview(owner, **said).json["warning"] == ""
    rules = "update channel.channel set mail_rules = %s where channel_code = 'test'"
    admin.execute(rules, [sql.Json({"forbids_links": True})])
    try:
        assert "elsewhere.example" in preview(owner, **said).json["warning"]
    finally:
        admin.execute(rules, [sql.Json({})])


def test_a_shop_has_a_copy_of_its_own(owner: Person, admin: Any, received: int) -> None:
    shop = one(admin, "select shop_id from channel.shop where shop_code = 'tea'").shop_id
    page = owner.get(f"/mails/templates/new?from={received}")
    assert 'value="order_received"' in page.text
    said = {
        **typed(admin, received, subject="茶の店より"),
        "number": "",
        "template_code": "order_received",
        "mail_event": "order_received",
        "shop_id": str(shop),
    }
    made = owner.post("/mails/templates/save", said)
    assert made.status_code == 302
    number = int(made.location.rpartition("/")[2])
    assert "茶の店" in owner.get(f"/mails/templates/{number}").text
    again = owner.post("/mails/templates/save", said)
    assert again.status_code == 422
    end = {"rowid": str(number), "confirm": "1"}
    assert owner.post("/mail/mail_template/act/mail.template_end", end).status_code == 302
    assert owner.get(f"/mails/templates/{number}").status_code == 404


@pytest.mark.parametrize("role", ["order_desk", "support", "analyst", "warehouse"])
def test_who_may_not_write_templates_does_not(signed_in: Any, role: str, received: int) -> None:
    person = signed_in(role)
    assert person.get(f"/mails/templates/{received}").status_code == 403
    assert person.get("/mails/templates/new").status_code == 403
    for address in ("preview.json", "preview.html", "save"):
        assert person.post(f"/mails/templates/{address}", {"text": "x"}).status_code == 403


# ---- chosen sets
@pytest.fixture(scope="module")
def notice(house: Any) -> Iterator[str]:
    """A template for chosen orders, and a mail account of the shop."""
    with sql.connect(house.admin) as admin:
        admin.execute(
            "insert into mail.mail_template (template_code, template_name, mail_event, subject, text_body)"
            " values ('holiday', '休業のお知らせ | Holiday', 'chosen', '休業のお知らせ', '{{ buyer.name }} 様 {{ order.no }}')"
        )
        admin.execute(
            "insert into mail.mail_account (shop_id, from_address, smtp_host)"
            " select shop_id, 'shop@shop.example', '127.0.0.1' from channel.shop where shop_code = 'tea'"
            " on conflict do nothing"
        )
    yield "holiday"
    with sql.connect(house.admin) as admin:
        admin.execute(
            "update mail.mail_template set ended_at = now() where template_code = 'holiday'"
        )


def test_chosen_orders_are_looked_at_sent_and_followed(
    owner: Person, admin: Any, worker: Any, notice: str
) -> None:
    orders = [take_order(worker, f"M-set-{n}") for n in range(3)]
    admin.execute(
        "update sales.sales_order_party set buyer_email = null where sales_order_id = %s",
        [orders[2]],
    )
    assert 'formaction="/mailings/choose"' in owner.get("/sales/sales_order/list/").text
    said = {"rowid": [str(one_) for one_ in orders], "template_code": notice}
    page = owner.post("/mailings/choose", said)
    assert page.status_code == 200
    assert "2件に送る" in page.text
    assert "1件には送りません" in page.text
    assert "メールアドレスがありません。" in page.text
    shown = owner.post(
        "/mailings/preview.json", {"template_code": notice, "sales_order_id": str(orders[0])}
    )
    assert shown.get_json()["text"].startswith("山田 花子 様")
    ids = ",".join(str(one_) for one_ in orders[:2])
    begun = owner.post("/mailings/begin", {"template_code": notice, "label": "休業", "ids": ids})
    assert begun.status_code == 302
    number = int(begun.location.rpartition("/")[2])
    show = owner.get(f"/mail/mailing/show/{number}").text
    assert f'data-lazy="/mailings/{number}/part"' in show
    part = owner.get(f"/mailings/{number}/part").text
    assert "0 / 2" in part
    assert "送信待ち" in part
    assert "data-again" in part
    # The same template is sent to an order once
    page = owner.post("/mailings/choose", said).text
    assert "もう送りました" in page
    assert "disabled" in page
    stopped = owner.post(
        "/mail/mailing/act/mail.mailing_stop", {"rowid": str(number), "confirm": "1"}
    )
    assert stopped.status_code == 302
    assert "止めています" in owner.get(f"/mailings/{number}/part").text
    assert "mail.mailing_resume" in owner.get(f"/mail/mailing/show/{number}").text
    admin.execute(
        "update mail.mail set state = 'stopped', ended_at = now() where mailing_id = %s", [number]
    )
    part = owner.get(f"/mailings/{number}/part").text
    assert "2 / 2" in part
    assert "data-again" not in part
    # A stopped one is not begun anew by a set, and the look says so
    assert "取りやめた一通があります" in owner.post("/mailings/choose", said).text


def test_a_set_without_orders_or_with_nonsense_is_refused(owner: Person, notice: str) -> None:
    assert owner.post("/mailings/choose", {}).status_code == 302
    for ids in ("", "x", "1,drop", "9" * 30):
        said = {"template_code": notice, "label": "x", "ids": ids}
        answer = owner.post("/mailings/begin", said)
        assert answer.status_code == 302
        assert "/sales/sales_order/list" in answer.location
    many = ",".join(str(n) for n in range(1, 5_002))
    said = {"template_code": notice, "label": "x", "ids": many}
    assert "5,000" in owner.post("/mailings/begin", said, follow_redirects=True).text


def test_advertising_goes_to_who_agreed(
    owner: Person, admin: Any, worker: Any, notice: str
) -> None:
    order = take_order(worker, "M-advert")
    buyer = one(admin, "insert into customer.customer default values returning customer_id")
    admin.execute(
        "update sales.sales_order set customer_id = %s where sales_order_id = %s",
        [buyer.customer_id, order],
    )
    said = {"rowid": str(order), "template_code": notice}
    admin.execute(
        "update mail.mail_template set is_advertising = true where template_code = %s", [notice]
    )
    try:
        assert "広告メールの同意がありません" in owner.post("/mailings/choose", said).text
        customer = one(
            admin,
            "select customer_id, shop_id from sales.sales_order where sales_order_id = %s",
            order,
        )
        agreed = {
            "rowid": str(customer.customer_id),
            "confirm": "1",
            "p_shop_id": str(customer.shop_id),
            "p_is_given": "y",
            "p_how": "電話で",
        }
        assert owner.post("/customer/customer/act/mail.consent_set", agreed).status_code == 302
        assert "1件に送る" in owner.post("/mailings/choose", said).text
    finally:
        admin.execute(
            "update mail.mail_template set is_advertising = false where template_code = %s",
            [notice],
        )


@pytest.mark.parametrize("role", PEOPLE_UNSEEN)
def test_who_may_not_see_people_sends_nothing(
    signed_in: Any, role: str, first_order: int, notice: str
) -> None:
    person = signed_in(role)
    said = {"rowid": str(first_order), "sales_order_id": str(first_order), "ids": str(first_order)}
    for address in ("choose", "begin", "preview.json", "preview.html"):
        answer = person.post(f"/mailings/{address}", {**said, "template_code": notice})
        assert answer.status_code == 403, address


def test_orders_of_other_shops_are_neither_shown_nor_sent_to(
    app: Any, admin: Any, first_order: int, passwords: Any, notice: str
) -> None:
    person = Person(app)
    assert person.sign_in(*passwords["order_desk"]).status_code == 302
    account = "update staff.account set sees_all_shops = %s where login_name = 'the_order_desk'"
    said = {"template_code": notice, "sales_order_id": str(first_order)}
    assert person.post("/mailings/preview.json", said).status_code == 200
    admin.execute(account, [False])
    try:
        assert person.post("/mailings/preview.json", said).status_code == 404
        begun = person.post(
            "/mailings/begin", {"template_code": notice, "label": "x", "ids": str(first_order)}
        )
        assert begun.status_code == 302
        mails = one(
            admin,
            "select count(*) as mails from mail.mail where sales_order_id = %s and template_code = %s",
            first_order,
            notice,
        ).mails
        assert mails == 0
    finally:
        admin.execute(account, [True])


# ---- test mails and accounts
SHOP = "select shop_id from channel.shop where shop_code = 'tea'"


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as running:
        yield running


@pytest.fixture
def shop_id(admin: Any, office: Office, notice: str) -> int:
    """The shop, with a mail server that takes its mails."""
    assert notice
    found = int(one(admin, SHOP).shop_id)
    admin.execute(
        "update mail.mail_account set smtp_host = '127.0.0.1', smtp_port = %s, smtp_security = 'none', smtp_user = null, is_on = true"
        " where shop_id = %s",
        [office.port, found],
    )
    admin.execute(
        "delete from transit.job_request where job in ('send_test_mail', 'try_mail_account')"
    )
    sql.call(admin, "transit.outgoing_set", "mail", True)
    return found


@pytest.fixture(scope="session")
def now_worker(settings: Any, house: Any) -> Iterator[None]:
    """The worker of the lane `now`, as a thread: who presses a button waits for it."""
    context = jobs.begin(settings)
    ended = threading.Event()

    def work() -> None:
        with sql.connect(house.admin) as admin:
            while not ended.wait(0.05):
                for row in admin.execute(
                    "select job_request_id from transit.job_request where lane = 'now' and done_at is null"
                    " and (lease_until is null or lease_until < clock_timestamp())"
                ).fetchall():
                    jobs.run_request(row.job_request_id)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join(15)
    context.close()


def try_it(person: Person, shop_id: int, **said: Any) -> Any:
    typed_ = {
        "subject": "{{ shop.name }} です",
        "text": "{{ buyer.name }} 様",
        "shop_id": str(shop_id),
        "sent_to": "me@staff.example",
        **said,
    }
    return person.post("/mails/templates/try.json", typed_)


@pytest.mark.usefixtures("now_worker")
def test_a_test_mail_goes_to_who_asked_and_is_kept_nowhere(
    owner: Person, admin: Any, shop_id: int, office: Office
) -> None:
    count = "select count(*) as mails from mail.mail"
    before = one(admin, count).mails
    answer = try_it(owner, shop_id)
    assert (answer.status_code, answer.json["message"]) == (200, "送りました。")
    (mail,) = office.post.mails
    assert mail["To"] == "me@staff.example"
    assert mail["Subject"].startswith("[テスト] ")
    body = mail.get_body(("plain",))
    assert body is not None
    assert "山田 花子 様" in body.get_content()
    assert one(admin, count).mails == before
    kept = one(
        admin,
        "select arguments::text as kept from transit.job_request where job = 'send_test_mail'",
    ).kept
    assert "me@staff" not in kept
    assert "山田" not in kept
    for _ in range(9):
        assert try_it(owner, shop_id).status_code == 200
    refused = try_it(owner, shop_id)
    assert refused.status_code == 422
    assert "一時間に 10 通まで" in refused.json["message"]
    assert len(office.post.kept) == 10


def test_a_test_mail_is_refused_with_what_to_do(owner: Person, admin: Any, shop_id: int) -> None:
    for address in ("", "a@b.example, c@d.example", "x\n@y.example"):
        assert try_it(owner, shop_id, sent_to=address).status_code == 422
    assert try_it(owner, shop_id, text="{{ nothing }}").status_code == 422
    assert try_it(owner, shop_id, order_no="nowhere").status_code == 404
    sql.call(admin, "transit.outgoing_set", "mail", False)
    off = try_it(owner, shop_id)
    assert off.status_code == 422
    assert "切ってあります" in off.json["message"]
    assert "送信の切替" in off.json["message"]


@pytest.mark.parametrize("role", ["order_desk", "support", "analyst"])
def test_who_may_not_write_templates_tries_nothing(signed_in: Any, role: str, shop_id: int) -> None:
    person = signed_in(role)
    assert try_it(person, shop_id).status_code == 403
    for what in ("secret", "try"):
        assert (
            person.post(
                f"/mail-accounts/{shop_id}/{what}", {"name": "smtp_password", "secret": "x"}
            ).status_code
            == 403
        )
    assert person.get(f"/mail-accounts/{shop_id}/part").status_code == 403


@pytest.mark.usefixtures("now_worker")
def test_a_connection_is_tried_and_the_server_s_words_are_said(
    owner: Person, admin: Any, shop_id: int
) -> None:
    json_ = {"Accept": "application/json"}
    well = owner.post(f"/mail-accounts/{shop_id}/try", headers=json_).get_json()
    assert well["is_well"]
    assert "post.example" in well["message"]
    # A server that asks for nobody's name refuses one
    admin.execute("update mail.mail_account set smtp_user = 'me' where shop_id = %s", [shop_id])
    ill = owner.post(f"/mail-accounts/{shop_id}/try", headers=json_).get_json()
    assert not ill["is_well"]
    assert "認証" in ill["message"]
    admin.execute("update mail.mail_account set smtp_port = 1 where shop_id = %s", [shop_id])
    away = owner.post(f"/mail-accounts/{shop_id}/try", follow_redirects=True).text
    assert "送信サーバーにつながりません" in away


def test_secrets_are_written_and_never_read(
    owner: Person, admin: Any, shop_id: int, settings: Any
) -> None:
    def kept() -> dict[str, str]:
        vault = Vault(settings.secret_keys)
        rows = admin.execute(
            "select secret_name, ciphertext from channel.shop_secret where shop_id = %s", [shop_id]
        )
        return {
            row.secret_name: vault.open_secret(shop_id, row.secret_name, row.ciphertext)
            for row in rows
        }

    def keep(name: str, secret: str, **more: str) -> Any:
        said = {"name": name, "secret": secret, **more}
        return owner.post(f"/mail-accounts/{shop_id}/secret", said, follow_redirects=True)

    assert "入れました" in keep("smtp_password", "ひみつ-1").text
    assert kept() == {"smtp_password": "ひみつ-1"}
    part = owner.get(f"/mail-accounts/{shop_id}/part").text
    assert "入っています" in part
    assert "ひみつ" not in part
    assert "RSA 秘密鍵" in keep("dkim_key", "no key").text
    assert "何も入っていません" in keep("owner_password", "x").text
    pem = generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    keep("dkim_key", pem.decode())
    assert set(kept()) == {"smtp_password", "dkim_key"}
    # Another server is never given the password of this one
    admin.execute(
        "update mail.mail_account set smtp_host = 'elsewhere.example' where shop_id = %s", [shop_id]
    )
    assert set(kept()) == {"dkim_key"}
    assert "消しました" in keep("dkim_key", "", act="remove").text
    assert kept() == {}
