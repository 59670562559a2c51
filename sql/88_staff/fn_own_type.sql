create or replace function staff.own_type(p_kind text, p_reference text)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_type text;
begin
    if p_kind <> 'reference' then
        v_type := case p_kind
            when 'text' then 'text' when 'long_text' then 'text' when 'choice' then 'text' when 'integer' then 'bigint'
            when 'amount' then 'base.money' when 'yes_no' then 'boolean' when 'date' then 'date' when 'moment' then 'timestamptz'
        end;
        if v_type is null then
            raise exception '種類「%」はありません。 | There is no kind "%".', left(p_kind, 60), left(p_kind, 60)
                using errcode = 'DC404', column = 'kind', hint = '一覧から選びます。 | Choose from the list.';
        end if;
        return v_type;
    end if;
    select format_type(attribute.atttypid, attribute.atttypmod)
    into v_type
    from staff.own_hosts() as host (table_name)
    join pg_catalog.pg_index as index on index.indrelid = to_regclass(host.table_name) and index.indisprimary and index.indnkeyatts = 1
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = index.indrelid and attribute.attnum = index.indkey[0]
    where host.table_name = p_reference;
    if v_type is null then
        raise exception '表 % は参照先にできません。 | The table % cannot be pointed to.', p_reference, p_reference
            using errcode = 'DC010', column = 'reference_table', hint = '一覧から選びます。 | Choose from the list.';
    end if;
    return v_type;
end;
$$;
comment on function staff.own_type(text, text) is '型を決める。 | Find the type. Of a reference, that of the key it points to.';
