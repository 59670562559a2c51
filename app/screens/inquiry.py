"""Inquiries, mailboxes and what came back."""

from app.fab.screen import Screen

SCREENS = {
    "mail.mailbox": Screen(
        columns=(
            "shop_id",
            "imap_host",
            "imap_user",
            "folder",
            "mailbox_kind",
            "forward_to",
            "is_on",
            "mail.mailbox_gate.read_at",
            "mail.mailbox_gate.paused_at",
            "mail.mailbox_gate.last_error",
        ),
        phone=("shop_id", "is_on", "imap_host", "mail.mailbox_gate.read_at"),
        empty="店舗の受信箱（IMAP）を入れると、問い合わせと不達を読みます。 | Add a shop's mailbox (IMAP), and inquiries and bounces are read.",
        actions=("mail.mailbox_resume",),
        parts=(("パスワード | Password", "MailAccounts.mailbox", "mail.secret_keep"),),
        children=(("mail.mailbox_gate", "shop_id"),),
    ),
    "mail.mail_return": Screen(
        columns=("received_at", "return_kind", "mail_id", "shop_id", "status", "said"),
        order=("received_at", "desc"),
        facets=("return_kind", "shop_id", "received_at"),
    ),
}
