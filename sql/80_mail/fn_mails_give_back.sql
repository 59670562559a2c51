create or replace function mail.mails_give_back(p_lease bigint)
    returns integer
    language sql
    security definer
    set search_path = ''
as $$
    with back as (
        update mail.mail as mail
        set state = 'due', lease = null, lease_until = null, attempt = mail.attempt - 1
        where mail.lease = p_lease and mail.state = 'claimed'
        returning 1
    )
    select count(*)::integer from back
$$;
comment on function mail.mails_give_back(bigint) is '引き受けて渡さなかったメールを戻す。 | Give back what was claimed and not handed over.';
