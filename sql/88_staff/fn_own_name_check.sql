create or replace function staff.own_name_check(p_table regclass, p_table_name text, p_code text)
    returns void
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_most constant integer := 40;
begin
    if exists (
        select from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = p_table and attribute.attname in (p_code, 'x_' || p_code)
    ) or p_table_name like 'own.%' and exists (select from pg_get_keywords() as word where word.word = p_code and word.catcode in ('R', 'T')) then
        raise exception 'コード「%」の列はもうあるか、SQL の言葉です。 | There is a column "%" already, or it is a word of SQL.', p_code, p_code
            using errcode = 'DC010', column = 'code', hint = '別のコードにします。 | Choose another code.';
    end if;
    if exists (
        select from staff.own_column as own_column
        where own_column.table_name = p_table_name and own_column.column_name in (p_code, 'x_' || p_code)
    ) then
        raise exception '外した列が「%」を使っています。 | A removed column has the code "%".', p_code, p_code
            using errcode = 'DC010', column = 'code',
            hint = '戻すか、完全に消すか、別のコードにします。 | Bring it back, delete it for good, or choose another code.';
    end if;
    if (select count(*) from staff.own_column as own_column where own_column.table_name = p_table_name) >= v_most then
        raise exception '一つの表に加えられる列は % 個までです。 | A table takes % own columns at most.', v_most, v_most
            using errcode = 'DC010', column = 'table_name', hint = '要らない列を完全に消します。 | Delete for good what is not needed.';
    end if;
end;
$$;
comment on function staff.own_name_check(regclass, text, text) is
    '名前と数を確かめる。ある列とぶつからず、上限の内か。 | Check name and number. Whether it meets no other, and the limit holds.';
