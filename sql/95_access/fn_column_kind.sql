create or replace function access.column_kind(p_type_id oid)
    returns text
    language sql
    immutable
    set search_path = ''
as $$
    select case p_type_id::regtype::text
        when 'text' then 'text'
        when 'character varying' then 'text'
        when 'character' then 'text'
        when 'smallint' then 'number'
        when 'integer' then 'number'
        when 'bigint' then 'number'
        when 'numeric' then 'number'
        when 'real' then 'number'
        when 'double precision' then 'number'
        when 'boolean' then 'boolean'
        when 'uuid' then 'uuid'
        when 'date' then 'date'
        when 'timestamp with time zone' then 'moment'
        when 'timestamp without time zone' then 'local'
        when 'time without time zone' then 'time'
        else 'other'
    end
$$;
comment on function access.column_kind(oid) is
    '列の種類。条件でどう比べられるか。 | Kind of column. How a condition can compare values of a type.';
