"""A server that refuses, hangs or dies, and buyers whose addresses are none: nothing twice, nothing lost."""

import pytest

import sql
import sync.mail.deliver
import sync.mail.server
from sync.render import mails as mails_of_render
from tests.mail.post import Post
from tests.mail.test_rules import an_order, mails, rule_on
from tests.sync.people import an_account, as_staff


@pytest.fixture
def shop(mailing_house):
    mailing_house.settle()
    rule_on(mailing_house, "order_received")
    return mailing_house


@pytest.fixture
def impatient(monkeypatch):
    """A server is waited for one second, so that tests do not wait for twenty."""
    monkeypatch.setattr(sync.mail.server.Server.__init__, "__kwdefaults__", {"timeout_s": 1.0})


def states(house):
    return [mail.state for mail in mails(house)]


def open_gate(house):
    house.one("update mail.account_gate set open_at = '-infinity' returning shop_id")


def test_a_server_that_hangs_after_data_leaves_one_mail_unknown(shop, post: Post, impatient):
    post.moods = [("data", "keep and hang")]
    post.hang_s = 3
    for _ in range(3):
        an_order(shop)
    shop.settle()
    assert states(shop) == ["unknown", "due", "due"]
    assert [(row.reason, row.subject.split()[0]) for row in shop.inbox()] == [
        ("mail_unknown", "mail")
    ]
    open_gate(shop)
    shop.settle()
    assert states(shop) == ["unknown", "sent", "sent"]
    # It is never sent again by itself
    shop.settle()
    assert len(post.kept) == 3
    assert shop.checks() == {}


def test_three_unknown_in_a_row_stop_the_account(shop, post: Post, impatient):
    post.moods = [("data", "hang")] * 5
    post.hang_s = 2
    for _ in range(5):
        an_order(shop)
    for _ in range(5):
        shop.settle()
        open_gate(shop)
    assert sorted(states(shop)) == ["due", "due", "unknown", "unknown", "unknown"]
    assert "mail_server" in {row.reason for row in shop.inbox()}
    post.moods = []
    sql.call(shop.connection, "mail.account_resume", shop.shop_ids["hinode-1"])
    shop.settle()
    assert sorted(states(shop)) == ["sent", "sent", "unknown", "unknown", "unknown"]


def test_a_person_settles_an_unknown_mail(shop, post: Post, impatient):
    post.moods = [("data", "hang"), ("data", "hang")]
    post.hang_s = 2
    for _ in range(2):
        an_order(shop)
    shop.settle()
    open_gate(shop)
    shop.settle()
    first, second = mails(shop)
    assert (first.state, second.state) == ("unknown", "unknown")
    with as_staff(shop, an_account(shop.admin, "order_desk")) as desk:
        sql.call(desk, "mail.mail_settle", first.mail_id, True)
        sql.call(desk, "mail.mail_settle", second.mail_id, False)
    open_gate(shop)
    shop.settle()
    assert states(shop) == ["sent", "stopped", "sent"]
    assert len(post.kept) == 1
    assert shop.inbox() == []
    with (
        as_staff(shop, an_account(shop.admin, "order_desk")) as desk,
        pytest.raises(sql.errors.WrongState),
    ):
        sql.call(desk, "mail.mail_settle", first.mail_id, False)


def test_a_server_that_is_away_costs_no_mail(shop, post: Post):
    shop.all("update mail.mail_account set smtp_port = 1 returning shop_id")
    an_order(shop)
    shop.settle()
    assert states(shop) == ["due"]
    gate = shop.one(
        "select failures, open_at > now() as is_waiting, last_error from mail.account_gate where failures > 0"
    )
    assert (gate.failures, gate.is_waiting) == (1, True)
    assert "cannot be reached" in gate.last_error


def test_one_of_ten_is_refused_and_the_others_go(shop, post: Post):
    orders = [an_order(shop) for _ in range(10)]
    post.refused = {orders[4].buyer_email: "550 5.1.1 no such user"}
    shop.settle()
    assert states(shop) == ["sent"] * 4 + ["refused"] + ["sent"] * 5
    (row,) = shop.inbox()
    assert (row.reason, row.seen) == ("mail_refused", 1)
    assert "no such user" in row.detail
    # The address is dead until a person says otherwise
    shop.one(
        "update sales.sales_order_party set buyer_email = %s where sales_order_id = %s returning 1",
        orders[4].buyer_email,
        orders[5].sales_order_id,
    )
    with as_staff(shop, an_account(shop.admin, "support")) as desk:
        sql.call(desk, "mail.mail_again", mails(shop)[5].mail_id)
    shop.settle()
    assert states(shop)[-1] == "refused"
    assert "has come back" in mails(shop)[-1].reason


def test_all_refused_for_now_are_tried_again_later_and_a_full_mailbox_too(shop, post: Post):
    orders = [an_order(shop) for _ in range(3)]
    post.refused = {order.buyer_email: "452 4.2.2 mailbox full" for order in orders}
    shop.settle()
    assert states(shop) == ["due"] * 3
    assert post.kept == []
    row = shop.one(
        "select min(due_at) > now() + interval '30 seconds' as is_later, max(reason) as reason from mail.mail"
    )
    assert row.is_later
    assert "mailbox full" in row.reason
    post.refused = {}
    shop.all("update mail.mail set due_at = now() returning mail_id")
    shop.settle()
    assert states(shop) == ["sent"] * 3
    assert len(post.kept) == 3


def test_a_server_that_refuses_the_mail_after_data_has_not_got_it(shop, post: Post):
    post.moods = [("data", "554 5.7.1 spam"), ("data", "451 4.3.0 later")]
    for _ in range(2):
        an_order(shop)
    shop.settle()
    assert states(shop) == ["refused", "due"]
    assert post.kept == []


def test_a_connection_that_drops_after_the_dot_is_unknown(shop, post: Post):
    post.moods = [("data", "drop")]
    an_order(shop)
    shop.settle()
    assert states(shop) == ["unknown"]


def test_an_answer_that_is_none_is_unknown(shop, post: Post):
    post.moods = [("data", "queued as 12")]
    an_order(shop)
    shop.settle()
    assert states(shop) == ["unknown"]


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("mail", "553 5.7.1 <shop@shop.example>: Sender address rejected: not owned by user"),
        ("rcpt", "554 5.7.1 <a@example.com>: Relay access denied"),
        ("rcpt", "550 relay not permitted"),
        ("rcpt", "550 5.7.1 Authentication required"),
    ],
)
def test_a_server_that_takes_none_of_our_mail_stops_the_account_alone(
    shop, post: Post, stage, answer
):
    post.moods = [(stage, answer)] * 5
    for _ in range(3):
        an_order(shop)
    shop.settle()
    # One thing to mend, not one for each mail; and no buyer's address is to blame
    assert states(shop) == ["due"] * 3
    assert [row.reason for row in shop.inbox()] == ["mail_server"]
    assert shop.all("select 1 from mail.dead_address") == []
    assert shop.one(
        "select paused_at is not null as is_paused from mail.account_gate where failures > 0"
    ).is_paused
    post.moods = []
    for shop_id in shop.shop_ids.values():
        sql.call(shop.connection, "mail.account_resume", shop_id)
    shop.settle()
    assert states(shop) == ["sent"] * 3


def test_a_server_that_wants_less_from_us_is_left_alone(shop, post: Post):
    post.moods = [("mail", "450 4.7.1 too many mails")]
    for _ in range(3):
        an_order(shop)
    shop.settle()
    assert states(shop) == ["due"] * 3
    assert post.kept == []
    open_gate(shop)
    shop.settle()
    assert states(shop) == ["sent"] * 3


@pytest.mark.parametrize(
    ("answer", "is_dead"),
    [
        ("550 5.1.1 <a@example.com>: User unknown in relay recipient table", True),
        ("550 no such user", True),
        ("550 5.7.1 we want no mail of yours", False),
        ("552 5.2.2 mailbox full", False),
        ("550 5.2.2 mailbox full", False),
    ],
)
def test_only_an_address_that_is_wrong_is_dead(shop, post: Post, answer, is_dead):
    post.moods = [("rcpt", answer)]
    an_order(shop)
    shop.settle()
    assert states(shop) == ["refused"]
    assert bool(shop.all("select 1 from mail.dead_address")) is is_dead


@pytest.mark.parametrize(
    "address",
    [
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com, b@example.com",
        "Taro <a@example.com>",
        "a@example.com\x00",
        "no address",
        "a@",
        "a@localhost",
        "a@exa mple.com",
        "あ@example.com",
    ],
)
def test_what_is_no_address_goes_nowhere(shop, post: Post, address):
    order = an_order(shop)
    shop.admin.execute("set session_replication_role = replica")
    try:
        shop.one(
            "update sales.sales_order_party set buyer_email = %s where sales_order_id = %s returning 1",
            address.replace("\x00", "\x01"),
            order.sales_order_id,
        )
    except Exception:  # noqa: BLE001 - a control character does not even get into the table
        return
    finally:
        shop.admin.execute("set session_replication_role = origin")
    shop.settle()
    assert states(shop) == ["refused"]
    assert post.kept == []


@pytest.mark.parametrize(
    "address", ["a..b.@docomo.ne.jp", ".abc@ezweb.ne.jp", "o'neil+tag@example.com", "a@日本語.jp"]
)
def test_what_old_phones_and_others_really_have_is_an_address(shop, post: Post, address):
    order = an_order(shop)
    shop.one(
        "update sales.sales_order_party set buyer_email = %s where sales_order_id = %s returning 1",
        address,
        order.sales_order_id,
    )
    shop.settle()
    assert states(shop) == ["sent"], mails(shop)
    assert post.kept[0][1].startswith(address.split("@", 1)[0])


@pytest.mark.parametrize(
    "name", ["𠮷田 😀", "山田\u2028Bcc: x@example.com", "<b>太郎</b> {{ shop.name }}", "x" * 200]
)
def test_a_name_is_only_a_name(shop, post: Post, name):
    shop.all(
        "update mail.mail_template set subject = '{{ buyer.name }}', html_body = '<p>{{ buyer.name }}</p>' where template_code = 'order_received' returning 1"
    )
    order = an_order(shop)
    shop.one(
        "update sales.sales_order_party set buyer_name = %s where sales_order_id = %s returning 1",
        name,
        order.sales_order_id,
    )
    shop.settle()
    (got,) = post.mails
    assert got["Bcc"] is None
    assert got["Subject"].replace(" ", "") == name.replace("\u2028", "").replace(" ", "")
    html = got.get_body(("html",)).get_content()
    assert "<b>" not in html
    assert "{{ shop.name }}" in html or "{{" not in name
    assert [to for _, to, _ in post.kept] == [order.buyer_email]


def test_a_broken_template_holds_back_only_its_own_shop(shop, post: Post):
    shop.one(
        "insert into mail.mail_template (template_code, template_name, mail_event, shop_id, subject, text_body)"
        " values ('order_received', 'x', 'order_received', %s, 'x', '{{ order.nothing }}') returning 1",
        shop.shop_ids["minato-1"],
    )
    an_order(shop)
    an_order(shop, "minato-1")
    shop.settle()
    found = {
        shop.one(
            "select shop_code::text from channel.shop join mail.mail using (shop_id) where mail_id = %s",
            mail.mail_id,
        ).shop_code: mail
        for mail in mails(shop)
    }
    assert found["hinode-1"].state == "sent"
    assert found["minato-1"].state == "refused"
    assert "order.nothing" in found["minato-1"].reason or "nothing" in found["minato-1"].reason


def test_a_mall_that_forbids_links_gets_none(shop, post: Post):
    shop.all(
        'update channel.channel set mail_rules = \'{"forbids_links": true, "link_hosts": ["hinode.example"]}\' where channel_code = \'hinode\' returning 1'
    )
    shop.all(
        "update mail.mail_template set text_body = 'see https://elsewhere.example/x' where template_code = 'order_received' returning 1"
    )
    an_order(shop)
    shop.settle()
    shop.all(
        "update mail.mail_template set text_body = 'see https://www.hinode.example/x' where template_code = 'order_received' returning 1"
    )
    an_order(shop)
    shop.settle()
    assert states(shop) == ["refused", "sent"]
    assert "elsewhere.example" in mails(shop)[0].reason


@pytest.mark.parametrize(
    ("text", "html", "is_allowed"),
    [
        ("see https://hinode.example/x", "", True),
        ("see www.hinode.example", '<a href="//img.hinode.example/x">', True),
        ("HTTPS://ELSEWHERE.EXAMPLE", "", False),
        ("see www.elsewhere.example", "", False),
        ("", '<a href="//elsewhere.example/x">', False),
        ("", "<a href=//elsewhere.example>", False),
        ("https://hinode.example@elsewhere.example/", "", False),
        ("日時 2026//11//27、a@www.elsewhere.example", "", True),
    ],
)
def test_a_link_is_known_however_it_is_written(text, html, is_allowed):
    rules = {"forbids_links": True, "link_hosts": ["hinode.example"]}
    written = mails_of_render.Written(subject="x", text=text, html=html)
    if is_allowed:
        mails_of_render.forbidden_link(written, rules)
    else:
        with pytest.raises(mails_of_render.LinkForbidden, match=r"(?i)elsewhere"):
            mails_of_render.forbidden_link(written, rules)


def test_a_worker_that_is_late_says_what_it_knows(shop, post: Post):
    an_order(shop)
    shop.settle()
    shop.one(
        "update mail.mail set state = 'handing', ended_at = null, lease = 1, lease_until = now() - interval '1 s' returning 1"
    )
    assert sql.value(shop.connection, "mail.leases_end") == 1
    (mail,) = mails(shop)
    assert mail.state == "unknown"
    message_no = shop.one("select message_no from mail.mail").message_no
    assert sql.value(shop.connection, "mail.mail_sent", mail.mail_id, message_no)
    assert states(shop) == ["sent"]
    assert shop.inbox() == []


def test_a_restored_or_copied_house_sends_nothing(shop, post: Post):
    sql.call(shop.connection, "transit.outgoing_hold")
    an_order(shop)
    shop.step()
    shop.step()
    assert states(shop) == ["due"]
    assert post.kept == []


def test_what_nobody_foresaw_in_one_mail_holds_up_no_other(shop, post: Post, monkeypatch):
    plain, calls = mails_of_render.write, []

    def write(template, data):
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("secret words")
        return plain(template, data)

    monkeypatch.setattr(mails_of_render, "write", write)
    for _ in range(2):
        an_order(shop)
    shop.settle()
    assert states(shop) == ["refused", "sent"]
    assert "KeyError" in mails(shop)[0].reason
    assert "secret" not in mails(shop)[0].reason
