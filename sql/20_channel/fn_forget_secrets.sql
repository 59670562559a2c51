create or replace function channel.forget_secrets()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    delete from channel.shop_secret as secret
    where secret.shop_id = new.shop_id;
    return null;
end;
$$;
comment on function channel.forget_secrets() is
    '秘密を消す。接続先が変わった店の秘密は、新しい接続先へ送られないように消え、もう一度入れる。 | Forget secrets. Those of a shop whose address has changed are never sent to the new one: they are given again.';
