"""What shops sent us, encrypted: raw bodies and the data keys under which they are written.

A raw body is written under the data key of its (shop, order), which is kept wrapped by an installation
key: deleting the data key forgets the order in every copy of the database.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

import sql
from vault import DataKey, KeyMissing, Vault, factor_context, key_context

__all__ = [
    "DataKeys",
    "IssuedKey",
    "KeyMissing",
    "Vault",
    "body_context",
    "data_keys",
    "known_data_keys",
    "rewrap",
]
DATA_KEY_BYTES: Final = 32


class IssuedKey:
    """The key of one issued document, unwrapped."""

    def __init__(self, issued_document_id: int, key: bytes) -> None:
        self.issued_document_id = issued_document_id
        self._plain = key
        self._key = DataKey(key)

    @classmethod
    def fresh(cls, issued_document_id: int) -> IssuedKey:
        """Make the key of a new document."""
        return cls(issued_document_id, os.urandom(DATA_KEY_BYTES))

    @classmethod
    def opened(cls, vault: Vault, issued_document_id: int, wrapped: bytes) -> IssuedKey:
        """Unwrap a key; raises `KeyMissing` when the installation's key is gone."""
        return cls(issued_document_id, vault.open(wrapped, issued_key_context(issued_document_id)))

    def wrapped(self, vault: Vault) -> bytes:
        """Wrap the key under the installation's."""
        return vault.seal(self._plain, issued_key_context(self.issued_document_id))

    def seal(self, part: str, body: bytes) -> bytes:
        """Encrypt a part of the document for `document.issued_content`."""
        return self._key.seal(body, self._context(part))

    def open(self, part: str, sealed: bytes) -> bytes:
        """Decrypt a part; raises `KeyMissing` when it is of another document or was changed."""
        body = self._key.open(sealed, self._context(part))
        if body is None:
            raise KeyMissing
        return body

    def _context(self, part: str) -> str:
        return f"document.issued_content:{self.issued_document_id}:{part}"


def issued_key_context(issued_document_id: int) -> str:
    """Name the row that the key of an issued document belongs to."""
    return f"document.issued_key:{issued_document_id}"


class DataKeys:
    """The data keys of some orders of one shop, unwrapped."""

    def __init__(self, keys: Mapping[str, tuple[int, DataKey]]) -> None:
        self._keys = keys
        self._by_id = dict(keys.values())

    def id_of(self, external_no: str) -> int:
        """Return the id of an order's data key."""
        return self._keys[external_no][0]

    def seal(self, external_no: str, context: str, body: bytes) -> bytes:
        """Encrypt a body under an order's key, for the row that the context names."""
        return self._keys[external_no][1].seal(body, context)

    def open(self, data_key_id: int | None, context: str, sealed: bytes | None) -> bytes | None:
        """Decrypt a body; None when it was forgotten or its key is gone."""
        key = self._by_id.get(data_key_id) if data_key_id is not None else None
        return key.open(sealed, context) if key is not None and sealed is not None else None


def body_context(message_id: int) -> str:
    """Name the row that a raw body belongs to."""
    return f"transit.message.body:{message_id}"


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
) -> dict[str, tuple[int, DataKey]]:
    keys: dict[str, tuple[int, DataKey]] = {}
    for data_key_id, external_no, wrapped in found:
        try:
            key = DataKey.unwrapped(vault, wrapped, shop_id, external_no)
        except KeyMissing:
            continue
        keys[external_no] = (data_key_id, key)
    return keys


def rewrap(connection: sql.Connection, vault: Vault, limit: int = 1000) -> int:
    """Write data keys, keys of issued documents, shop secrets and second factors of older keys anew under the current one.

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
        issued = sql.rows(connection, "issued_key_old", current=current, limit=limit)
        if issued:
            ids = [row.issued_document_id for row in issued]
            keys = [
                IssuedKey.opened(vault, row.issued_document_id, row.wrapped_key).wrapped(vault)
                for row in issued
            ]
            sql.call(connection, "document.issued_keys_rewrap", ids, keys)
        count += len(issued)
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
        for row in sql.rows(connection, "second_factor_old", current=current, limit=limit):
            context = factor_context(row.account_id)
            secret = vault.seal(vault.open(row.secret, context), context)
            sql.rows(connection, "second_factor_write", account_id=row.account_id, secret=secret)
            count += 1
    return count
