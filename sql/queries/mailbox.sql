select mailbox.shop_id, mailbox.imap_host, mailbox.imap_port, mailbox.imap_security::text as imap_security, mailbox.imap_user, mailbox.folder,
    mailbox.mailbox_kind::text as mailbox_kind, gate.folder as read_folder, gate.uid_validity, gate.uid_read, gate.read_at, shop.shop_code
from mail.mailbox as mailbox
join channel.shop as shop on shop.shop_id = mailbox.shop_id
join mail.mailbox_gate as gate on gate.shop_id = mailbox.shop_id
where mailbox.shop_id = %(shop_id)s and mailbox.is_on;
