-- What a template may be for.
select event.mail_event::text as mail_event, event.label from mail.mail_event as event where event.mail_event <> 'forward' order by event.rank
