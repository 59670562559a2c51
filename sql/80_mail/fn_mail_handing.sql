create or replace function mail.mail_handing(
    p_mail_id bigint, p_lease bigint, p_lease_time interval, p_message_no text, p_to_address text, p_subject text, p_data_key_id bigint, p_body bytea,
    p_template_version integer, p_sent_mail_id bigint default null, p_sent_message_no text default null
)
    returns boolean
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    -- The one before went meanwhile: said in the same transaction, so that a mail costs one commit.
    if p_sent_mail_id is not null then
        perform mail.mail_sent(p_sent_mail_id, p_sent_message_no);
    end if;
    update mail.mail as mail
    set state = 'handing', handed_at = clock_timestamp(), lease_until = clock_timestamp() + p_lease_time, message_no = p_message_no,
        template_version = p_template_version
    where mail.mail_id = p_mail_id and mail.state = 'claimed' and mail.lease = p_lease and mail.lease_until > clock_timestamp()
        and (select transit.outgoing_is_on('mail'))
        and not exists (select from mail.mailing as mailing where mailing.mailing_id = mail.mailing_id and mailing.stopped_at is not null);
    if not found then
        return false;
    end if;
    insert into mail.mail_party as party (mail_id, to_address, subject, data_key_id, body)
    values (p_mail_id, p_to_address, p_subject, p_data_key_id, p_body)
    on conflict (mail_id) do update
    set to_address = excluded.to_address, subject = excluded.subject, data_key_id = excluded.data_key_id, body = excluded.body;
    return true;
end;
$$;
comment on function mail.mail_handing(bigint, bigint, interval, text, text, text, bigint, bytea, integer, bigint, text) is
    '渡す直前の印。これを確定してからサーバーに渡す。いいえなら渡してはならない。前の一通が済んでいれば一緒に記す。 | About to be handed over. Committed before the server gets it; where false, it must not be handed over. Notes the one before as sent with it.';
