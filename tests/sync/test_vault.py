"""What is sealed opens with its key, in its row, and nowhere else."""

import base64

import pytest

import sql
from sync import intake, vault
from sync.contract import Raw
from sync.vault import KeyMissing, Vault
from vault import factor_context

OLD = base64.urlsafe_b64encode(b"o" * 32).decode()
NEW = base64.urlsafe_b64encode(b"n" * 32).decode()


def test_a_value_opens_in_its_own_row_alone():
    one = Vault([OLD])
    sealed = one.seal_secret(7, "license_key", "secret")
    assert b"secret" not in sealed
    assert one.open_secret(7, "license_key", sealed) == "secret"
    for shop_id, name in ((8, "license_key"), (7, "refresh_token")):
        with pytest.raises(KeyMissing):
            one.open_secret(shop_id, name, sealed)


def test_the_same_value_is_never_sealed_the_same_way():
    one = Vault([OLD])
    assert one.seal(b"x", "c") != one.seal(b"x", "c")


def test_a_changed_byte_is_found():
    one = Vault([OLD])
    sealed = bytearray(one.seal(b"value", "c"))
    for place in range(len(sealed)):
        broken = bytes(sealed[:place]) + bytes([sealed[place] ^ 1]) + bytes(sealed[place + 1 :])
        with pytest.raises(KeyMissing):
            one.open(broken, "c")


def test_a_new_key_writes_and_the_old_one_still_reads():
    before, after = Vault([OLD]), Vault([NEW, OLD])
    sealed = before.seal(b"x", "c")
    assert after.open(sealed, "c") == b"x"
    assert not after.is_current(sealed)
    with pytest.raises(KeyMissing):
        before.open(after.seal(b"x", "c"), "c")


def test_digests_stay_when_a_key_is_put_in_front():
    assert Vault([OLD]).digest("identity.email", "a@b.jp") == Vault([NEW, OLD]).digest(
        "identity.email", "a@b.jp"
    )
    assert Vault([OLD]).digest("a", "x") != Vault([OLD]).digest("b", "x")
    assert Vault([OLD]).digest("a", "x") != Vault([NEW]).digest("a", "x")


def bodies(connection, one, shop_id):
    ids = [
        row[0] for row in connection.execute("select message_id from transit.message order by 1")
    ]
    return [
        raw and raw.body for _, raw in intake.documents(connection, one, shop_id, ids, kind="order")
    ]


def test_bodies_and_secrets_outlive_the_change_of_the_key(house):
    shop_id = house.shop_ids["hinode-1"]
    before = Vault(house.settings.secret_keys)
    raws = [Raw(external_no=f"A{n}", changed_at=None, body=b"body %d" % n) for n in range(3)]
    intake.keep(house.connection, before, shop_id, raws)
    assert bodies(house.connection, before, shop_id) == [b"body 0", b"body 1", b"body 2"]

    account = house.admin.execute(
        "insert into staff.account (login_name, display_name, staff_role) values ('x', 'x', 'owner') returning account_id"
    ).fetchone()[0]
    sealed = before.seal(b"SECRET", factor_context(account))
    house.admin.execute(
        "insert into staff.second_factor (account_id, secret) values (%s, %s)", [account, sealed]
    )

    both = Vault([NEW, *house.settings.secret_keys])
    count = vault.rewrap(house.connection, both)
    assert count >= 3 + 2 + 3 + 1
    assert vault.rewrap(house.connection, both) == 0

    after = Vault([NEW])
    assert bodies(house.connection, after, shop_id) == [b"body 0", b"body 1", b"body 2"]
    kept = house.admin.execute("select secret from staff.second_factor").fetchone()[0]
    assert after.open(bytes(kept), factor_context(account)) == b"SECRET"
    secret = sql.rows(house.connection, "shop_secret_read", shop_id=shop_id)[0]
    assert after.open_secret(shop_id, secret.secret_name, secret.ciphertext)


def test_a_body_whose_key_is_gone_reads_as_none(house):
    shop_id = house.shop_ids["hinode-1"]
    one = house.context.vault
    intake.keep(house.connection, one, shop_id, [Raw(external_no="A", changed_at=None, body=b"x")])
    assert bodies(house.connection, Vault([NEW]), shop_id) == [None]
    house.admin.execute("delete from transit.data_key")
    assert bodies(house.connection, one, shop_id) == [None]


def test_an_order_whose_installation_key_was_lost_is_kept_under_a_new_one(house):
    shop_id = house.shop_ids["hinode-1"]
    intake.keep(
        house.connection,
        house.context.vault,
        shop_id,
        [Raw(external_no="A", changed_at=None, body=b"x")],
    )
    other = Vault([NEW])
    intake.keep(
        house.connection, other, shop_id, [Raw(external_no="A", changed_at=None, body=b"y")]
    )
    assert bodies(house.connection, other, shop_id) == [None, b"y"]


def test_raw_bodies_cannot_be_read_in_the_database(house):
    shop_id = house.shop_ids["hinode-1"]
    raw = Raw(external_no="A", changed_at=None, body="山田太郎 090-1234-5678".encode())
    intake.keep(house.connection, house.context.vault, shop_id, [raw])
    (stored,) = house.one("select body from transit.message")
    assert "山田".encode() not in stored
    assert b"090-1234" not in stored
