"""Encryption of what people and shops trusted us with, under the keys of this installation.

The keys come from `DAICHO_SECRET_KEYS`; the first one writes, all of them read. Both programs use it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = b"\x01"
KEY_ID_BYTES: Final = 4
NONCE_BYTES: Final = 12


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


class DataKey:
    """The key of one (shop, order): bodies under it are readable while its row is there."""

    def __init__(self, plain: bytes) -> None:
        self._cipher = AESGCM(plain)

    @classmethod
    def unwrapped(cls, vault: Vault, wrapped: bytes, shop_id: int, external_no: str) -> DataKey:
        """Open the key of a row of `transit.data_key`, or raise `KeyMissing`."""
        return cls(vault.open(wrapped, key_context(shop_id, external_no)))

    def seal(self, body: bytes, context: str) -> bytes:
        """Encrypt a body for the row and column that the context names."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, body, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes | None:
        """Decrypt a body; None for one of another key, row or version."""
        start = len(VERSION)
        nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        if sealed[:start] != VERSION:
            return None
        try:
            return self._cipher.decrypt(nonce, body, context.encode())
        except InvalidTag:
            return None


def key_context(shop_id: int, external_no: str) -> str:
    """Name the row that a data key belongs to."""
    return f"transit.data_key:{shop_id}:{external_no}"


def mail_context(mail_id: int) -> str:
    """Name the row that the body of a mail belongs to."""
    return f"mail.mail_party.body:{mail_id}"


def test_context(account_id: int) -> str:
    """Name the person who asked for a test mail, whose address is sealed until it is sent."""
    return f"mail.test:{account_id}"


def inquiry_context(column: str, message_id: int) -> str:
    """Name the row and column that the text of an incoming mail belongs to."""
    return f"mail.inquiry_message_party.{column}:{message_id}"


def answer_context(answer_key: str) -> str:
    """Name the answer that a text belongs to, by the key of its form."""
    return f"mail.inquiry_message_party.answer:{answer_key}"


def inquiry_key_no(inquiry_id: int) -> str:
    """Under which number the data key of an inquiry is kept."""
    return f"inquiry/{inquiry_id}"


def secret_context(shop_id: int, secret_name: str) -> str:
    """Name the row that a shop's secret belongs to."""
    return f"channel.shop_secret:{shop_id}:{secret_name}"


def factor_context(account_id: int) -> str:
    """Name the row that the secret of a second factor belongs to."""
    return f"staff.second_factor:{account_id}"


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"daicho.key-id" + key).digest()[:KEY_ID_BYTES]
