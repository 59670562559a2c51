"""A signature where a shop asks for one, and what is said when its key is none."""

import base64

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import sql
from sync.mail.account import signed
from tests.mail.post import Post
from tests.mail.test_rules import an_order, mails, rule_on


def keyed(house, text: str) -> None:
    for shop_id in house.shop_ids.values():
        sql.rows(
            house.connection,
            "shop_secret_write",
            shop_id=shop_id,
            name="dkim_key",
            ciphertext=house.context.vault.seal_secret(shop_id, "dkim_key", text),
        )
    house.all(
        "update mail.mail_account set dkim_domain = 'shop.example', dkim_selector = 'daicho' returning shop_id"
    )


def test_a_signed_mail_is_verified_by_its_reader(mailing_house, post: Post):
    mailing_house.settle()
    rule_on(mailing_house, "order_received")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keyed(
        mailing_house,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ).decode(),
    )
    an_order(mailing_house)
    mailing_house.settle()
    ((_, _, content),) = post.kept
    public = base64.b64encode(
        key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )

    def dns(name: bytes, **_: object) -> bytes:
        assert name.rstrip(b".") == b"daicho._domainkey.shop.example"
        return b"v=DKIM1; k=rsa; p=" + public

    assert dkim.verify(content, dnsfunc=dns)
    assert not dkim.verify(content.replace(b"Subject: ", b"Subject: x"), dnsfunc=dns)


def test_what_unsubscribes_by_one_click_is_signed_where_it_is_there():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    head = b"From: a@shop.example\r\nSubject: x\r\n"
    link = b"List-Unsubscribe: <https://shop.example/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    for content, is_signed in ((head + link, True), (head, False)):
        made = signed(
            "shop.example", "daicho", key.decode(), content + b"\r\nlist-unsubscribe: x\r\n"
        )
        names = made.split(b"h=", 1)[1].split(b";", 1)[0]
        assert (b"list-unsubscribe-post" in names) is is_signed


def test_a_key_that_is_none_pauses_the_account_and_loses_nothing(mailing_house, post: Post):
    mailing_house.settle()
    rule_on(mailing_house, "order_received")
    keyed(mailing_house, "no key")
    an_order(mailing_house)
    mailing_house.settle()
    assert [mail.state for mail in mails(mailing_house)] == ["due"]
    assert post.kept == []
    (row,) = mailing_house.inbox()
    assert row.reason == "mail_server"
    assert "signature" in row.detail
