create or replace function transit.data_keys_take(p_shop_id bigint, p_external_nos text[], p_wrapped_keys bytea[])
    returns table (data_key_id bigint, external_no text, wrapped_key bytea)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
begin
    insert into transit.data_key (shop_id, external_no, wrapped_key)
    select p_shop_id, wanted.external_no, wanted.wrapped_key
    from unnest(p_external_nos, p_wrapped_keys) as wanted (external_no, wrapped_key)
    order by wanted.external_no
    on conflict on constraint data_key_external_uq do nothing;
    return query
    select data_key.data_key_id, data_key.external_no, data_key.wrapped_key
    from transit.data_key as data_key
    where data_key.shop_id = p_shop_id and data_key.external_no = any(p_external_nos);
end;
$$;
comment on function transit.data_keys_take(bigint, text[], bytea[]) is
    'データ鍵を受け取る。なければ渡した鍵を登録する。 | Take data keys. Registers the given wrapped keys where there are none, and returns those that hold.';
