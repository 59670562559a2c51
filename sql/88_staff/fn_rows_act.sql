create or replace function staff.rows_act(p_relation text, p_keys jsonb, p_function text, p_arguments jsonb)
    returns table (row_key jsonb, outcome text, reason text)
    language plpgsql
    set search_path = ''
as $$
declare
    v_table regclass := access.relation_id(p_relation)::regclass;
    v_function record;
    v_statement text;
    v_key jsonb;
    v_state text;
    v_message text;
    v_hint text;
    v_constraint text;
begin
    select function.oid, namespace.nspname, function.proname, function.proargnames, function.proargtypes::oid[] as types
    into v_function
    from pg_catalog.pg_proc as function
    join pg_catalog.pg_namespace as namespace on namespace.oid = function.pronamespace
    where namespace.nspname = split_part(p_function, '.', 1) and function.proname = substr(p_function, strpos(p_function, '.') + 1)
        and namespace.nspname in ('base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'purchasing', 'accounting', 'mail',
            'document', 'transit', 'own')
        and function.prokind = 'f' and function.pronargs > 0 and pg_catalog.has_function_privilege(function.oid, 'execute');
    if v_function is null or (select count(*) from jsonb_object_keys(p_keys -> 0)) <> 1 or exists (
        select from jsonb_object_keys(p_arguments) as name where name <> all(v_function.proargnames[2:cardinality(v_function.types)])
    ) then
        raise exception 'この操作はできません。 | This cannot be done.'
            using errcode = 'DC403', hint = '自分の役割でできる操作を選びます。 | Choose something that your role may do.';
    end if;
    select format(
        'select (select count(*) from %I.%I(%s)) from pg_catalog.jsonb_populate_record(null::%s, $1) as wanted
        where exists (select from %s as target where target.%I = wanted.%I)',
        v_function.nspname, v_function.proname,
        string_agg(format('%I => %s', argument.name, case when argument.place = 1 then format('wanted.%I::%s', key.name, format_type(argument.type, null))
            when argument.type in ('json'::regtype, 'jsonb'::regtype) then format('($2 -> %L)::%s', argument.name, format_type(argument.type, null))
            else format('($2 ->> %L)::%s', argument.name, format_type(argument.type, null)) end), ', ' order by argument.place),
        v_table, v_table, min(key.name), min(key.name)
    )
    into v_statement
    from (
        select v_function.proargnames[place] as name, one as type, place
        from unnest(v_function.types) with ordinality as given (one, place)
        where place = 1 or p_arguments ? v_function.proargnames[place]
    ) as argument
    cross join (select name from jsonb_object_keys(p_keys -> 0) as name) as key;
    for v_key in select one from jsonb_array_elements(p_keys) as one loop
        row_key := v_key;
        reason := null;
        begin
            execute v_statement into v_state using v_key, p_arguments;
            outcome := case when v_state is null then 'gone' else 'changed' end;
        exception when others then
            get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint,
                v_constraint = constraint_name;
            outcome := 'refused';
            reason := staff.refusal_words(v_state, v_message, v_hint, v_constraint, p_relation);
        end;
        return next;
    end loop;
end;
$$;
comment on function staff.rows_act(text, jsonb, text, jsonb) is
    '操作をまとめて行う。許された関数を行ごとに呼び、changed、gone、refused を答える。 | Act on rows. Calls a granted function for each, its key first; answers changed, gone or refused.';
