create or replace function customer.own_forget(p_table regclass, p_key text, p_ids bigint[])
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_set text;
begin
    select string_agg(format('%I = null', attribute.attname), ', ')
    into v_set
    from pg_catalog.pg_attribute as attribute
    where attribute.attrelid = p_table and attribute.attname like 'x\_%' and attribute.attnum > 0 and not attribute.attisdropped;
    if v_set is not null and cardinality(p_ids) > 0 then
        execute format('update %s set %s where %I = any($1)', p_table, v_set, p_key) using p_ids;
    end if;
end;
$$;
comment on function customer.own_forget(regclass, text, bigint[]) is
    '独自の列の個人情報を消す。外した列のものも。 | Forget what own columns hold of persons. Removed ones too.';
