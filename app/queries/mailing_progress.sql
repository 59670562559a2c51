-- How far a mailing is.
select mailing.mailing_id, mailing.mails, mailing.left_out, mailing.stopped_at is not null as is_stopped,
    transit.outgoing_is_on('mail') as is_outgoing_on
from mail.mailing as mailing where mailing.mailing_id = :mailing_id
