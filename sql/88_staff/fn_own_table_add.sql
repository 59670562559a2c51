create or replace function staff.own_table_add(
    p_code text,
    p_label_ja text,
    p_label_en text,
    p_help_ja text,
    p_help_en text,
    p_readers text[],
    p_writers text[]
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
    set lock_timeout = '3s'
as $$
declare
    v_most constant integer := 50;
    v_label text := staff.own_text('label', p_label_ja, p_label_en);
    v_help text := staff.own_text('help', p_help_ja, p_help_en);
    v_readers text[] := (select array_agg(distinct code) from unnest(p_readers || '{owner}') as code);
    v_writers text[] := (select array_agg(distinct code) from unnest(p_writers || '{owner}') as code);
    v_code text := staff.own_code(p_code, p_label_en);
    v_id bigint;
begin
    perform staff.own_begin();
    perform staff.own_roles(null, v_readers, v_writers);
    -- Keys are known by their names: one that is called like a key of ours would be taken for it.
    if exists (
        select from pg_catalog.pg_class as class
        join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace and namespace.nspname !~ '^pg_|^information_schema$'
        where class.relname = v_code
    ) or exists (select from staff.own_table as own_table where own_table.table_name = 'own.' || v_code)
        or exists (select from pg_get_keywords() as word where word.word = v_code and word.catcode in ('R', 'T')) then
        raise exception 'コード「%」の表はもうあるか、SQL の言葉です。 | There is a table "%" already, or it is a word of SQL.', v_code, v_code
            using errcode = 'DC010', column = 'code',
            hint = '別のコードにするか、外した表を戻します。 | Choose another code, or bring the removed table back.';
    end if;
    if (select count(*) from staff.own_table) >= v_most then
        raise exception '独自の表は % 個までです。 | There are % own tables at most.', v_most, v_most
            using errcode = 'DC010', column = 'code', hint = '要らない表を完全に消します。 | Delete for good what is not needed.';
    end if;
    insert into staff.own_table as own_table (table_name, label, help, readers, writers, created_by)
    values ('own.' || v_code, v_label, v_help, v_readers, v_writers, access.account_id())
    returning own_table.own_table_id into v_id;
    perform staff.own_table_make(v_code, staff.own_comment(v_label, v_help, ''));
    perform staff.own_table_grant('own.' || v_code);
    return v_id;
end;
$$;
comment on function staff.own_table_add(text, text, text, text, text, text[], text[]) is
    '独自の表を加える。番号と名称の列で始まる。 | Add an own table. It begins with a number and a name.';
