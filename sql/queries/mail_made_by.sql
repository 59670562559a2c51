-- Who asked for a mail; nobody where a rule did.
select mail.made_by from mail.mail as mail where mail.mail_id = %(mail_id)s
