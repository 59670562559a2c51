create or replace view report.check_mail with (security_invoker = true) as
select 'mail ' || mail.mail_id as subject, found.fault
from mail.mail as mail
cross join lateral (
    values
        ('引渡し中のまま | Handed over and neither sent nor unknown', mail.state = 'handing' and mail.lease_until < now() - interval '10 minutes'),
        ('結果不明で要対応にない | Unknown and not in the inbox', mail.state = 'unknown' and not exists (
            select from transit.inbox as inbox where inbox.inbox_reason = 'mail_unknown' and inbox.subject = 'mail ' || mail.mail_id)),
        ('同じメールが二通待っている | Two of the same waiting at once', mail.state in ('due', 'claimed', 'handing') and mail.again_no > 0 and exists (
            select from mail.mail as other
            where other.mail_event = mail.mail_event and case
                    when mail.inquiry_message_id is not null then other.inquiry_message_id = mail.inquiry_message_id
                    else other.sales_order_id = mail.sales_order_id and other.template_code = mail.template_code and other.inquiry_message_id is null
                end
                and other.mail_id <> mail.mail_id and other.state in ('due', 'claimed', 'handing', 'unknown'))),
        ('過去受注に規則で作られた | Made by a rule for a past order', mail.mail_rule_id is not null and exists (
            select from sales.sales_order as past where past.sales_order_id = mail.sales_order_id and past.is_history))
) as found (fault, is_so)
where found.is_so;
comment on view report.check_mail is
    'メールの検査。宙に浮いたもの、二重のもの。空であること。 @key(subject,fault) | Mail check. Mails in the air or twice; must be empty. @key(subject,fault)';
comment on column report.check_mail.subject is '対象。 | Subject.';
comment on column report.check_mail.fault is '誤り。 | Fault.';
