create or replace function access.search_columns(p_relation_id oid)
    returns text[]
    language sql
    stable
    set search_path = ''
as $$
    -- What a person looks for: how a row is called, then codes and numbers of others; without any of them its first texts.
    with found as (
        select attribute.attname::text as column_name, attribute.attnum as place,
            case
                when attribute.attname = 'label' then 1
                when attribute.attname in (class.relname || '_code', class.relname || '_no', stem.word || '_code', stem.word || '_no') then 2
                when attribute.attname in (class.relname || '_name', stem.word || '_name', 'display_name', 'login_name', 'name') then 3
                when attribute.attname ~ '(_code|_no|_name|gtin|note)$' then 4
                -- Small tables of the shop's own are searched in all they say
                when class.relnamespace = 'own'::regnamespace and class.relkind in ('r', 'p') then 5
                else 9
            end as worth
        from pg_catalog.pg_class as class
        cross join lateral (select regexp_replace(class.relname, '^.*_', '') as word) as stem
        join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
        join pg_catalog.pg_type as type on type.oid = attribute.atttypid
        where class.oid = p_relation_id and coalesce(nullif(type.typbasetype, 0), type.oid) in (25, 1042, 1043)
    ), chosen as (
        select found.column_name, row_number() over (order by found.worth, found.place) as rank, found.worth,
            min(found.worth) over () as best
        from found
    )
    select coalesce(array_agg(chosen.column_name order by chosen.rank), '{}')
    from chosen
    where case when chosen.best < 9 then chosen.worth < 9 and chosen.rank <= 6 else chosen.rank <= 3 end
$$;
comment on function access.search_columns(oid) is
    '検索欄が探す列。呼び名、コード、番号。独自の表ではほかの文字の列も。 | Search columns. Where a search box looks: names, codes and numbers, six at most; in own tables other texts too.';
