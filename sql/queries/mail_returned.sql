select mail.mail_id, mail.message_no, party.to_address
from mail.mail as mail
left join mail.mail_party as party on party.mail_id = mail.mail_id
where mail.shop_id = %(shop_id)s and (mail.mail_id = any(%(ids)s::bigint[]) or mail.message_no = %(message_no)s::text) and mail.message_no is not null;
