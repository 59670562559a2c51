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
    v_job_request_id bigint;
    v_file_name text := left(p_file_name, 200);
    v_shop channel.shop;
    v_currency_code text;
    v_said text := regexp_replace(left(v_file_name, 200), '[[:cntrl:]|]', ' ', 'g');
begin
    if not p_shop_id = any((select access.shop_ids())::bigint[])
        or not exists (select from channel.column_map as column_map where column_map.map_code = p_map_code) then
        raise exception '店舗 % か対応表 % が見つかりません。 | Shop % or column map % is not there.', p_shop_id, p_map_code, p_shop_id, p_map_code
            using errcode = 'DC404', hint = '一覧から選びます。 | Choose from the lists.';
    end if;
    select * into strict v_shop from channel.shop as shop where shop.shop_id = p_shop_id and shop.shop_id = any((select access.shop_ids())::bigint[]);
    if v_shop.channel_code <> 'file' then
        raise exception '店舗 % はファイルの店ではありません。受注は店舗から直接届きます。 | Shop % is no shop of files: its orders come from the shop itself.',
            v_shop.shop_code, v_shop.shop_code
            using errcode = 'DC010', hint = 'チャネルが「ファイル」の店舗を選ぶか、新しく作ります。 | Choose a shop of the channel "file", or make one.';
    end if;
    select column_map.layout -> 'fixed' ->> 'currency_code' into v_currency_code
    from channel.column_map as column_map
    where column_map.map_code = p_map_code;
    if v_currency_code <> v_shop.currency_code then
        raise exception '対応表 % は通貨 %、店舗 % は % です。 | Column map % is in %, shop % in %.',
            p_map_code, v_currency_code, v_shop.shop_code, v_shop.currency_code, p_map_code, v_currency_code, v_shop.shop_code, v_shop.currency_code
            using errcode = 'DC010', hint = '通貨の合う店舗か対応表を選びます。 | Choose a shop or a column map of the same currency.';
    end if;
    perform pg_catalog.pg_notify('daicho_bell', '');
    insert into transit.job_request (lane, job, requested_by, asked_as, label)
    values (
        'long', 'import_orders', access.account_id(), nullif(access.role_in_force(), access.staff_role()),
        case when p_is_dry_run then format('%s を調べる | Look at %s', v_said, v_said) else format('%s を取り込む | Take in %s', v_said, v_said) end
    )
    returning job_request_id into v_job_request_id;
    insert into transit.file_import (shop_id, map_code, is_history, is_dry_run, file_name, stored_as, job_request_id)
    values (p_shop_id, p_map_code, p_is_history, p_is_dry_run, v_file_name, p_stored_as, v_job_request_id)
    returning file_import_id into v_file_import_id;
    return v_file_import_id;
end;
$$;
comment on function transit.file_import_ask(bigint, text, boolean, boolean, text, text) is
    'ファイルの取込を頼む。番号を返す。 | Ask for a file import. Returns its number.';
