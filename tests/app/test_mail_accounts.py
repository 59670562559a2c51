"""Mail accounts by the page: test mails, a try of the connection, and secrets that nobody reads."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import sql
from sync import jobs
from tests.app.mailroom import notice, one
from tests.app.shopfront import Person
from tests.mail.post import Office
from vault import Vault

__all__ = ["notice"]

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
    # Of the newest order, whoever's that is by now
    assert re.fullmatch(r"[^{}]+ 様", body.get_content().strip())
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
    assert "一時間に 10 回まで" in refused.json["message"]
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


def test_accounts_and_mailboxes_are_set_up_by_choosing(
    owner: Person, admin: Any, shop_id: int, settings: Any
) -> None:
    form = owner.get("/mail/mailbox/add").text
    for value, words in (("starttls", "STARTTLS"), ("none", "なし")):
        assert re.search(rf'<option value="{value}"[^>]*>\s*{words}', form)
    assert '<option value="starttls"' in owner.get("/mail/mail_account/add").text
    admin.execute(
        "insert into mail.mailbox (shop_id, imap_host, imap_user) values (%s, 'imap.example', 'shop') on conflict do nothing",
        [shop_id],
    )
    page = owner.get(f"/mail/mailbox/show/{shop_id}").text
    words = r">\s*{}\s*<"
    assert re.search(words.format("TLS"), page)
    assert not re.search(words.format("tls"), page)
    admin.execute("update mail.mailbox set imap_security = 'none' where shop_id = %s", [shop_id])
    for at in ("/mail/mailbox", "/mail/mail_account"):
        shown = owner.get(f"{at}/show/{shop_id}").text
        assert re.search(words.format("なし"), shown), at
        assert not re.search(words.format("none"), shown + owner.get(f"{at}/list/").text), at
    assert f'data-lazy="/mail-accounts/{shop_id}/mailbox"' in page
    part = owner.get(f"/mail-accounts/{shop_id}/mailbox").text
    assert 'name="imap_password"' not in part
    assert "smtp_password" not in part
    said = {"name": "imap_password", "secret": "ひみつ-2", "at": "mailbox"}
    back = owner.post(f"/mail-accounts/{shop_id}/secret", said)
    assert back.location.endswith(f"/mail/mailbox/show/{shop_id}")
    assert "入っています" in owner.get(f"/mail-accounts/{shop_id}/mailbox").text
    admin.execute("delete from channel.shop_secret where shop_id = %s", [shop_id])
    admin.execute("delete from mail.mailbox where shop_id = %s", [shop_id])


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
