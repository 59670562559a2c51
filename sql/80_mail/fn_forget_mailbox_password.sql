create or replace function mail.forget_mailbox_password()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    delete from channel.shop_secret as secret
    where secret.shop_id = new.shop_id and secret.secret_name = 'imap_password';
    return null;
end;
$$;
comment on function mail.forget_mailbox_password() is
    '受信箱のパスワードを消す。サーバーが変わったら、新しいサーバーへ送られないように消え、もう一度入れる。 | Forget the mailbox''s password. It is never sent to another server than the one that it was given for.';
