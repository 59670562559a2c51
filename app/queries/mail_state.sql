-- Where a mail stands, for its page.
select mail.mail_id, mail.state::text as state, mail.made_at, mail.made_by, mail.due_at, mail.handed_at, mail.ended_at, mail.attempt,
    mail.again_no, mail.reason, mail.message_no, state.label as state_label, party.mail_id is not null and party.body is not null as has_body
from mail.mail as mail
join mail.mail_state as state on state.state = mail.state
left join mail.mail_party as party on party.mail_id = mail.mail_id
where mail.mail_id = :mail_id
