create or replace function transit.rows_set_aside(p_shop_id bigint, p_rows jsonb)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_count integer;
begin
    -- The same row again says nothing new: what is open stays as it is.
    insert into transit.inbox (inbox_reason, shop_id, message_id, subject, detail)
    select row.inbox_reason, p_shop_id, row.message_id, row.subject, row.detail
    from jsonb_to_recordset(p_rows) as row (inbox_reason text, message_id bigint, subject text, detail text)
    where p_shop_id = any((select access.shop_ids())::bigint[]) and not exists (
        select from transit.inbox as inbox
        where inbox.shop_id = p_shop_id and inbox.inbox_reason = row.inbox_reason and inbox.subject = row.subject
    )
    order by row.subject
    on conflict do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;
comment on function transit.rows_set_aside(bigint, jsonb) is
    'ファイルの行を要対応に入れる。[{inbox_reason, message_id, subject, detail}]。一度入れた行は二度入れず、増えた数を返す。 | Set rows of a file aside. [{inbox_reason, message_id, subject, detail}] into the inbox, each once; returns how many are new.';
