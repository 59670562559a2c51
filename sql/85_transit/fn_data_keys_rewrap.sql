create or replace function transit.data_keys_rewrap(p_data_key_ids bigint[], p_wrapped_keys bytea[])
    returns void
    language sql
    security definer
    set search_path = ''
as $$
    update transit.data_key as data_key
    set wrapped_key = fresh.wrapped_key
    from unnest(p_data_key_ids, p_wrapped_keys) as fresh (data_key_id, wrapped_key)
    where data_key.data_key_id = fresh.data_key_id
$$;
comment on function transit.data_keys_rewrap(bigint[], bytea[]) is
    'データ鍵を包み直す。設置先の鍵を替えた後に呼ばれる。 | Rewrap data keys. Called after the installation''s key was changed.';
