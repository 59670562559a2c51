create or replace trigger tg_050_bump_version before update on mail.mail_account for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on mail.mail_template for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on mail.link_template for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on mail.mail_rule for each row execute function base.bump_version();
create or replace trigger tg_100_check_rule before insert or update on mail.mail_rule for each row execute function mail.check_rule();
create or replace trigger tg_700_mail_due after insert on sales.sales_order
    referencing new table as new_row for each statement execute function mail.note_orders();
create or replace trigger tg_710_mail_due after update on sales.sales_order for each row
    when (not new.is_history and (old.cancelled_at is null and new.cancelled_at is not null or old.paid_at is null and new.paid_at is not null))
    execute function mail.note_order_change();
create or replace trigger tg_700_mail_due after insert on shipping.shipment for each row execute function mail.note_shipment();
create or replace trigger tg_700_mail_due after insert on sales.payment for each row
    when (new.amount < 0 and new.voids_payment_id is null) execute function mail.note_refund();
create or replace trigger tg_700_mail_due after insert on sales.hold for each row
    when (new.hold_reason in ('awaiting_stock', 'awaiting_goods') and new.released_at is null) execute function mail.note_shortage();
create or replace trigger tg_710_mail_due after update on sales.hold for each row
    when (new.hold_reason in ('awaiting_stock', 'awaiting_goods') and old.released_at is null and new.released_at is not null)
    execute function mail.note_shortage();
create or replace trigger tg_100_forget_password after update on mail.mail_account for each row
    when ((old.smtp_host, old.smtp_port, old.smtp_security) is distinct from (new.smtp_host, new.smtp_port, new.smtp_security))
    execute function mail.forget_password();
create or replace trigger tg_700_forward_goes after insert or update of is_on on mail.mail_account for each row
    when (new.is_on) execute function mail.forward_goes();
create or replace trigger tg_050_bump_version before update on mail.mailbox for each row execute function base.bump_version();
create or replace trigger tg_100_forget_password after update on mail.mailbox for each row
    when ((old.imap_host, old.imap_port, old.imap_security) is distinct from (new.imap_host, new.imap_port, new.imap_security))
    execute function mail.forget_mailbox_password();
