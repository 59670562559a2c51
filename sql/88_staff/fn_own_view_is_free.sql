create or replace function staff.own_view_is_free(p_name text)
    returns boolean
    language sql
    stable
    set search_path = ''
as $$
    -- What the shop made by hand under this name is left alone.
    select not exists (
        select from pg_catalog.pg_class as class
        where class.relnamespace = 'own'::regnamespace and class.relname = p_name
            and coalesce(obj_description(class.oid, 'pg_class'), '') not like '%@sibling(%'
    )
$$;
comment on function staff.own_view_is_free(text) is '兄弟の名前が空いているか。 | Whether the name of a sibling is free. Or taken by our own.';
