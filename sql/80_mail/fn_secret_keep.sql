create or replace function mail.secret_keep(p_shop_id bigint, p_secret_name text, p_ciphertext bytea)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if p_shop_id is null or not p_shop_id = any((select access.shop_ids())::bigint[])
        or not exists (select from mail.mail_account as account where account.shop_id = p_shop_id) then
        raise exception 'この店舗のメール設定はありません。 | This shop has no mail account.'
            using errcode = 'DC404', hint = '先にメール設定を登録します。 | Add the mail account first.';
    end if;
    if p_secret_name is null or p_secret_name not in ('smtp_password', 'dkim_key', 'imap_password') then
        raise exception 'メールの秘密は smtp_password、dkim_key、imap_password です。 | The secrets of mail are smtp_password, dkim_key and imap_password.'
            using errcode = 'DC003', hint = '画面の欄から入れます。 | Enter it in its field.';
    end if;
    if p_ciphertext is null then
        delete from channel.shop_secret as secret where secret.shop_id = p_shop_id and secret.secret_name = p_secret_name;
        return;
    end if;
    if octet_length(p_ciphertext) not between 34 and 20000 or get_byte(p_ciphertext, 0) <> 1 then
        raise exception '暗号化されていないか、長すぎます。 | It is not encrypted, or too long.'
            using errcode = 'DC003', hint = '画面の欄から入れます。 | Enter it in its field.';
    end if;
    insert into channel.shop_secret as secret (shop_id, secret_name, ciphertext)
    values (p_shop_id, p_secret_name, p_ciphertext)
    on conflict (shop_id, secret_name) do update set ciphertext = excluded.ciphertext;
end;
$$;
comment on function mail.secret_keep(bigint, text, bytea) is
    'メールの秘密を入れる。暗号文だけを受け取り、読み出せない。空なら消す。 | Keep a secret of mail. Takes ciphertext alone and gives nothing back; empty removes it.';
