"""The secrets of a shop's mail account, which are written and never read, and a try of its connection."""

from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from flask import abort, current_app, jsonify, redirect, request
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, reader
from app.catalog import query
from app.desk.chosen import wants_json
from app.desk.mails.asked import answered
from app.errors import refusal
from app.fab.addresses import address
from app.messages import done, stop
from app.words import t

KEEPS = "mail.secret_keep"
NAMES = ("smtp_password", "dkim_key", "imap_password")
SECRET_MAX = 10_000
BITS_MIN = 1024


class MailAccounts(BaseView):
    """`/mail-accounts/<shop>/…`: parts of the page of a mail account."""

    route_base = "/mail-accounts"

    @expose("/<int:pk>/part", methods=["GET"])
    def part(self, pk: int) -> Any:
        """Which secrets there are, fields for new ones, and the button that tries the connection."""
        _allow(pk)
        rows = data().execute(sa.text(query("mail_secrets_there")), {"shop_id": pk})
        return self.render_template(
            "daicho/mail_account_part.html",
            pk=pk,
            there={row.secret_name for row in rows},
            at="account",
        )

    @expose("/<int:pk>/mailbox", methods=["GET"])
    def mailbox(self, pk: int) -> Any:
        """The password of a shop's mailbox, for the mailbox's own page."""
        _allow(pk)
        shop = {"shop_id": pk}
        rows = data().execute(sa.text(query("mail_secrets_there")), shop)
        return self.render_template(
            "daicho/mail_account_part.html",
            pk=pk,
            there={row.secret_name for row in rows},
            at="mailbox",
            has_account=data().scalar(sa.text(query("mail_account_there")), shop),
        )

    @expose("/<int:pk>/secret", methods=["POST"])
    def secret(self, pk: int) -> Any:
        """Keep a secret, encrypted before it reaches the database, or remove it."""
        _allow(pk)
        name, text = request.form.get("name", ""), request.form.get("secret", "")
        if name == "dkim_key":
            text = text.replace("\r\n", "\n").strip() + "\n" if text.strip() else ""
        is_removed = request.form.get("act") == "remove"
        why = "" if is_removed else _wrong(name, text)
        if why:
            stop(why)
            return _back(pk)
        vault = current_app.extensions["vault"]
        sealed = None if is_removed else vault.seal_secret(pk, name, text)
        try:
            values = {"shop_id": pk, "secret_name": name, "ciphertext": sealed}
            data().execute(sa.text(query("mail_secret_keep")), values)
            data().commit()
        except DBAPIError as error:
            data().rollback()
            stop(refusal(error, generation().catalog).sentence)
        else:
            done(t("消しました。 | Removed.") if is_removed else t("入れました。 | Kept."))
        return _back(pk)

    @expose("/<int:pk>/try", methods=["POST"])
    def attempt(self, pk: int) -> Any:
        """Connect and sign in, and say what the server answered."""
        _allow(pk)
        is_well, said = answered("mail_account_try", {"shop_id": pk})
        if wants_json():
            return jsonify(is_well=is_well, message=said)
        (done if is_well else stop)(said)
        return _back(pk)


def _allow(pk: int) -> None:
    if reader() is None:
        abort(401)
    if not may("execute", KEEPS):
        abort(403)
    if pk >= 2**63:
        abort(404)


def _wrong(name: str, text: str) -> str:
    """Why this can be no secret of that name; empty when it can."""
    if name not in NAMES or not text.strip():
        return t("何も入っていません。 | Nothing was entered.")
    if len(text) > SECRET_MAX or "\0" in text:
        return t(
            "長すぎるか、使えない文字があります。 | It is too long, or has a character that cannot be kept."
        )
    if name == "dkim_key" and not _is_key(text):
        return t(
            "署名の鍵は、パスワードのない RSA 秘密鍵（PEM、1024 ビット以上）です。 | "
            "A DKIM key is an RSA private key in PEM without a password, of 1024 bits at least."
        )
    return ""


def _is_key(text: str) -> bool:
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPrivateKey) and key.key_size >= BITS_MIN


def _back(pk: int) -> Any:
    """To the page that the form stands on."""
    at = "mail.mailbox" if request.form.get("at") == "mailbox" else "mail.mail_account"
    return redirect(address(generation().catalog.relations[at], "show", pk=str(pk)))
