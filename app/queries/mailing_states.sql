-- The mails of a mailing by their state.
select state.state::text as state, state.label, state.is_ended, count(*) as mails
from mail.mail as mail
join mail.mail_state as state on state.state = mail.state
where mail.mailing_id = :mailing_id
group by state.state, state.label, state.is_ended, state.rank
order by state.rank
