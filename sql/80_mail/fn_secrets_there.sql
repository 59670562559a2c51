create or replace function mail.secrets_there(p_shop_id bigint)
    returns table (secret_name text)
    language sql
    stable
    security definer
    set search_path = ''
as $$
    select secret.secret_name::text
    from channel.shop_secret as secret
    where secret.shop_id = p_shop_id and secret.shop_id = any((select access.shop_ids())::bigint[])
        and secret.secret_name in ('smtp_password', 'dkim_key', 'imap_password')
$$;
comment on function mail.secrets_there(bigint) is
    'メールの秘密があるか。名前だけを返す。 | Secrets there. The names of the secrets of mail that a shop has, never what they are.';
