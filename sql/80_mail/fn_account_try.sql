create or replace function mail.account_try(p_shop_id bigint)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    c_hour_max constant integer := 30;
begin
    if p_shop_id is null or not p_shop_id = any((select access.shop_ids())::bigint[])
        or not exists (select from mail.mail_account as account where account.shop_id = p_shop_id) then
        raise exception 'この店舗のメール設定はありません。 | This shop has no mail account.'
            using errcode = 'DC404', hint = '「メール設定」の一覧から選びます。 | Choose it from the list of mail accounts.';
    end if;
    return mail.try_ask('try_mail_account', jsonb_build_object('shop_id', p_shop_id), c_hour_max);
end;
$$;
comment on function mail.account_try(bigint) is
    '接続を試す。つなぎ、認証し、何も送らない。番号を返す。 | Try the connection. Connects and signs in, sends nothing; returns the number of the job.';
