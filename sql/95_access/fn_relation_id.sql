create or replace function access.relation_id(p_relation text)
    returns oid
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_relation_id oid;
begin
    select class.oid into v_relation_id
    from pg_catalog.pg_class as class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    where class.relkind in ('r', 'p', 'v', 'm')
        and namespace.nspname = split_part(p_relation, '.', 1) and class.relname = substr(p_relation, strpos(p_relation, '.') + 1)
        and namespace.nspname in ('base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'purchasing', 'accounting', 'mail',
            'document', 'transit', 'staff', 'report', 'own');
    if v_relation_id is null then
        raise exception '表がありません。 | There is no such table.'
            using errcode = 'DC404', hint = '「sales.sales_order」のように書きます。 | Write it like "sales.sales_order".';
    end if;
    return v_relation_id;
end;
$$;
comment on function access.relation_id(text) is
    '表の番号。この家の表かビューでなければ断る。 | Relation. The one of that name in the schemas of this house; refused when there is none.';
