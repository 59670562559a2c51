create or replace function transit.file_import_ask(
    p_shop_id bigint, p_map_code text, p_is_history boolean, p_is_dry_run boolean, p_file_name text, p_stored_as text
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_file_import_id bigint;
begin
    if not p_shop_id = any((select access.shop_ids())::bigint[])
        or not exists (select from channel.column_map as column_map where column_map.map_code = p_map_code) then
        raise exception '店舗 % か対応表 % が見つかりません。 | Shop % or column map % is not there.', p_shop_id, p_map_code, p_shop_id, p_map_code
            using errcode = 'DC404', hint = '一覧から選びます。 | Choose from the lists.';
    end if;
    insert into transit.file_import (shop_id, map_code, is_history, is_dry_run, file_name, stored_as, asked_by)
    values (p_shop_id, p_map_code, p_is_history, p_is_dry_run, left(p_file_name, 200), p_stored_as, access.account_id())
    returning file_import_id into v_file_import_id;
    update transit.file_import as import
    set job_request_id = transit.job_ask('slow', 'import_orders', jsonb_build_object('file_import_id', v_file_import_id))
    where import.file_import_id = v_file_import_id;
    return v_file_import_id;
end;
$$;
comment on function transit.file_import_ask(bigint, text, boolean, boolean, text, text) is
    'ファイルの取込を頼む。番号を返す。 | Ask for a file import. Returns its number.';
