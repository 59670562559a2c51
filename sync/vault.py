"""Encryption of what persons and shops trusted us with: raw bodies, data keys, shop secrets.

The installation's keys come from `DAICHO_SECRET_KEYS`; the first one writes, all of them read. A raw
body is written under the data key of its (shop, order), which is kept wrapped by an installation
key: deleting the data key forgets the order in every copy of the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import sql

VERSION: Final = b"\x01"
KEY_ID_BYTES: Final = 4
NONCE_BYTES: Final = 12
DATA_KEY_BYTES: Final = 32


class KeyMissing(Exception):
    """設置先の鍵が変わり、この値を読めません。 | The installation's key has changed; this value cannot be read."""


class Vault:
    """Seals and opens under the installation's keys, urlsafe base64, the current one first."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            message = "DAICHO_SECRET_KEYS is empty"
            raise ValueError(message)
        raw = [base64.urlsafe_b64decode(key) for key in keys]
        self._ciphers = {_key_id(key): AESGCM(key) for key in reversed(raw)}
        self._current = _key_id(raw[0])
        # The oldest key: digests must stay the same when a new key is put in front. Taking the
        # oldest key out of the list makes every known buyer a new one.
        self._digest_key = hmac.digest(raw[-1], b"daicho.identity", "sha256")

    @property
    def prefix(self) -> bytes:
        """What every value under the current key begins with."""
        return VERSION + self._current

    @property
    def prefixes(self) -> list[bytes]:
        """What every value begins with that one of the keys can open."""
        return [VERSION + key_id for key_id in self._ciphers]

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt; the context (table, column, row) must be given again to open."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, context.encode())
        return self.prefix + nonce + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt, or raise `KeyMissing` when no key fits or the value is of another row."""
        start = len(VERSION) + KEY_ID_BYTES
        cipher = self._ciphers.get(sealed[len(VERSION) : start])
        if sealed[: len(VERSION)] != VERSION or cipher is None:
            raise KeyMissing
        nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, context.encode())
        except InvalidTag as error:
            raise KeyMissing from error

    def is_current(self, sealed: bytes) -> bool:
        """Say whether a value was written under the current key."""
        return sealed[: len(VERSION) + KEY_ID_BYTES] == self.prefix

    def digest(self, label: str, text: str | bytes) -> UUID:
        """Fold a text into a value that nobody without the key can compute or guess back.

        Stays the same when a key is added in front of the list.
        """
        body = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        return UUID(
            bytes=hmac.digest(self._digest_key, label.encode() + b"\0" + body, "sha256")[:16]
        )

    def seal_secret(self, shop_id: int, secret_name: str, text: str) -> bytes:
        """Encrypt a secret of a shop for `channel.shop_secret`."""
        return self.seal(text.encode(), secret_context(shop_id, secret_name))

    def open_secret(self, shop_id: int, secret_name: str, sealed: bytes) -> str:
        """Decrypt a secret of a shop."""
        return self.open(sealed, secret_context(shop_id, secret_name)).decode()


def secret_context(shop_id: int, secret_name: str) -> str:
    """Name the row that a shop's secret belongs to."""
    return f"channel.shop_secret:{shop_id}:{secret_name}"


class DataKeys:
    """The data keys of some orders of one shop, unwrapped."""

    def __init__(self, keys: Mapping[str, tuple[int, AESGCM]]) -> None:
        self._keys = keys
        self._by_id = dict(keys.values())

    def id_of(self, external_no: str) -> int:
        """Return the id of an order's data key."""
        return self._keys[external_no][0]

    def seal(self, external_no: str, message_id: int, body: bytes) -> bytes:
        """Encrypt a raw body for `transit.message`."""
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._keys[external_no][1]
        return VERSION + nonce + cipher.encrypt(nonce, body, body_context(message_id))

    def open(self, data_key_id: int | None, message_id: int, sealed: bytes | None) -> bytes | None:
        """Decrypt a raw body; None when it was forgotten or its key is gone."""
        if data_key_id is None or sealed is None or sealed[: len(VERSION)] != VERSION:
            return None
        cipher = self._by_id.get(data_key_id)
        if cipher is None:
            return None
        start = len(VERSION)
        nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, body_context(message_id))
        except InvalidTag:
            return None


def body_context(message_id: int) -> bytes:
    """Name the row that a raw body belongs to."""
    return f"transit.message.body:{message_id}".encode()


def data_keys(
    connection: sql.Connection, vault: Vault, shop_id: int, external_nos: Sequence[str]
) -> DataKeys:
    """Take the data keys of orders, making those that are not there yet."""
    wanted = sorted(set(external_nos))
    fresh = [
        vault.seal(os.urandom(DATA_KEY_BYTES), key_context(shop_id, external_no))
        for external_no in wanted
    ]
    found = sql.call(connection, "transit.data_keys_take", shop_id, wanted, fresh)
    keys = _unwrapped(vault, shop_id, found)
    lost = [row for row in found if row.external_no not in keys]
    if lost:
        # The installation's key of these is gone, and what they protected with it: begin anew.
        ids = [row.data_key_id for row in lost]
        made = {row.external_no: fresh[wanted.index(row.external_no)] for row in lost}
        sql.call(connection, "transit.data_keys_rewrap", ids, list(made.values()))
        again = [(row.data_key_id, row.external_no, made[row.external_no]) for row in lost]
        keys |= _unwrapped(vault, shop_id, again)
    return DataKeys(keys)


def known_data_keys(
    connection: sql.Connection, vault: Vault, shop_id: int, data_key_ids: Sequence[int]
) -> DataKeys:
    """Read data keys that are there; the others have been deleted and stay so."""
    found = sql.rows(connection, "data_key_read", ids=sorted(set(data_key_ids)))
    return DataKeys(_unwrapped(vault, shop_id, found))


def _unwrapped(
    vault: Vault, shop_id: int, found: Sequence[tuple[int, str, bytes]]
) -> dict[str, tuple[int, AESGCM]]:
    keys: dict[str, tuple[int, AESGCM]] = {}
    for data_key_id, external_no, wrapped in found:
        try:
            plain = vault.open(wrapped, key_context(shop_id, external_no))
        except KeyMissing:
            continue
        keys[external_no] = (data_key_id, AESGCM(plain))
    return keys


def key_context(shop_id: int, external_no: str) -> str:
    """Name the row that a data key belongs to."""
    return f"transit.data_key:{shop_id}:{external_no}"


def rewrap(connection: sql.Connection, vault: Vault, limit: int = 1000) -> int:
    """Write data keys and shop secrets of older keys anew under the current one.

    Returns how many were rewritten; call again until it is 0. Raises `KeyMissing` when one was written
    under a key that is not in the list.
    """
    count = 0
    with sql.transaction(connection):
        current = vault.prefix
        old = sql.rows(connection, "data_key_old", current=current, limit=limit)
        fresh: list[tuple[int, bytes]] = []
        for row in old:
            context = key_context(row.shop_id, row.external_no)
            fresh.append(
                (row.data_key_id, vault.seal(vault.open(row.wrapped_key, context), context))
            )
        if fresh:
            ids, keys = [key_id for key_id, _ in fresh], [key for _, key in fresh]
            sql.call(connection, "transit.data_keys_rewrap", ids, keys)
        count += len(fresh)
        for row in sql.rows(connection, "shop_secret_old", current=current, limit=limit):
            text = vault.open_secret(row.shop_id, row.secret_name, row.ciphertext)
            sql.rows(
                connection,
                "shop_secret_write",
                shop_id=row.shop_id,
                name=row.secret_name,
                ciphertext=vault.seal_secret(row.shop_id, row.secret_name, text),
            )
            count += 1
    return count


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"daicho.key-id" + key).digest()[:KEY_ID_BYTES]
