"""Why a mail cannot be written. The docstrings are read by staff."""

from __future__ import annotations

from sync.errors import SyncError


class NoMore(SyncError):
    """この宛先には届かなかったことがあります。 | Mail to this address has come back."""

    hint_default = (
        "お客様のアドレスを直すか、届かないアドレスから消します。"
        " | Correct the buyer's address, or take it out of the dead addresses."
    )


class Unforeseen(SyncError):
    """メールを書けませんでした。 | The mail could not be written."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"メールを書けませんでした（{name}）。 | The mail could not be written ({name})."
        )


class SignatureWrong(SyncError):
    """署名の鍵が使えません。 | The key of the signature cannot be used."""

    hint_default = (
        "メール設定の画面で、署名の鍵（PEM）を入れ直します。"
        " | Enter the DKIM key (PEM) again on the page of the mail account."
    )


class AnswerGone(SyncError):
    """返信の文は消去されました。 | What was written has been deleted."""


class InquiryGone(SyncError):
    """転送するメールは消去されました。 | What was to be forwarded has been deleted."""


class NoPublicAddress(SyncError):
    """配信停止の先が決まっていません。 | There is no address at which to unsubscribe."""

    hint_default = (
        "設定 public_url に、外から開けるこのシステムのアドレスを入れます。"
        " | Set public_url to the address at which the world reaches this system."
    )
