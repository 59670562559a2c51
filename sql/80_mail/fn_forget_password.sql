create or replace function mail.forget_password()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    delete from channel.shop_secret as secret
    where secret.shop_id = new.shop_id and secret.secret_name = 'smtp_password';
    return null;
end;
$$;
comment on function mail.forget_password() is
    'パスワードを消す。送信サーバーが変わったら、新しいサーバーへ送られないように消え、もう一度入れる。 | Forget the password. It is never sent to another server than the one that it was given for: it is given again.';
