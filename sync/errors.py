"""What can go wrong between a shop and the ledger. The class decides what happens next.

The docstring of a class is its default message and is read by staff: Japanese, ` | `, English.
"""

from __future__ import annotations


class SyncError(Exception):
    """店舗との通信で問題が起きました。 | Something went wrong while talking to the shop."""

    hint_default = ""

    def __init__(self, message: str | None = None, *, hint: str | None = None) -> None:
        super().__init__(message or " ".join((type(self).__doc__ or "").split()))
        self.hint = hint if hint is not None else self.hint_default

    @property
    def message(self) -> str:
        """What, which, why, in one sentence."""
        return str(self)


class Retryable(SyncError):
    """店舗が今は応答できません。自動で再試行します。 | The shop cannot answer now; it is tried again by itself."""

    def __init__(
        self,
        message: str | None = None,
        *,
        hint: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class RateLimited(Retryable):
    """店舗から間隔を空けるよう求められました。 | The shop asked us to slow down."""

    retry_after_s: float

    def __init__(
        self, message: str | None = None, *, retry_after_s: float, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, retry_after_s=retry_after_s)


class RemoteUnavailable(Retryable):
    """店舗が停止中か、つながりません。 | The shop is down or cannot be reached."""


class TimedOut(Retryable):
    """店舗の応答が時間内に届きませんでした。 | The shop did not answer in time."""


class NeedsStaff(SyncError):
    """担当者の対応が必要です。 | A person must act before this can go on."""


class CredentialsRefused(NeedsStaff):
    """店舗が認証情報を受け付けません。 | The shop refused our credentials."""

    hint_default = (
        "店舗の設定で鍵を更新し、「接続を確認」を押してください。"
        " | Renew the keys in the shop's settings, then press Check connection."
    )


class PermissionMissing(NeedsStaff):
    """店舗の鍵に、この操作の権限がありません。 | The shop's key lacks the right for this."""

    hint_default = (
        "モールの管理画面でこのAPIの利用を許可してください。"
        " | Allow this API in the mall's own console."
    )


class UnknownListing(NeedsStaff):
    """店舗にない出品です。 | The shop does not have this listing."""

    hint_default = (
        "出品を取り込み直すか、モールで商品を登録してください。"
        " | Read the listings again, or register the item at the mall."
    )


class SettingMissing(NeedsStaff):
    """店舗の設定に足りない項目があります。 | A setting of the shop is missing."""

    hint_default = "店舗の設定を開いて入力してください。 | Open the shop's settings and fill it in."


class Refused(SyncError):
    """店舗がこの一件を断りました。 | The shop said no to this one item."""

    def __init__(self, key: str, reason: str, *, hint: str | None = None) -> None:
        super().__init__(f"{key}: {reason}" if key else reason, hint=hint)
        self.key = key
        self.reason = reason


class ContractBroken(SyncError):
    """店舗の応答の形が変わりました。店舗を一時停止します。 | The shop's answers changed their shape; it is paused."""

    hint_default = (
        "原文を保存しました。コネクターの更新を確認してください。"
        " | The raw document is kept; look for an update of the connector."
    )

    def __init__(self, where: str, *, hint: str | None = None) -> None:
        super().__init__(where, hint=hint)
        self.where = where


class NotAuthentic(SyncError):
    """署名か時刻が正しくない通知です。何も変えていません。 | A notice with a wrong signature or time; nothing was changed."""
