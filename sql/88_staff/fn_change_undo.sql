create or replace function staff.change_undo(p_change_no bigint, p_before bigint default null, p_limit integer default 500)
    returns table (audit_log_id bigint, table_name text, row_key jsonb, outcome text, reason text)
    language plpgsql
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_entry record;
    v_alike record;
    v_state text;
    v_message text;
    v_hint text;
    v_constraint text;
    c_left constant text := 'その後に変わったか使われたので、そのままにしました。 | Changed or used since, so it was left.';
begin
    -- With the rights of whoever asks: what one may not write, one cannot take back.
    select min(entry.table_name) as name, array_agg(entry.audit_log_id) as ids, array_agg(entry.row_key) as row_keys, array_agg(entry.change) as changes,
        min(columns.names) as names,
        count(*) > 1 and count(distinct entry.table_name) = 1 and count(distinct columns.names) = 1 and bool_and(entry.action = 'update')
            and count(distinct entry.row_key) = count(*) and not bool_or(columns.is_personal) as is_alike
    into v_alike
    from access.change_entries(p_change_no, p_before, p_limit) as entry
    cross join lateral (
        select array_agg(one.key order by one.key) as names, bool_or(jsonb_typeof(one.value) = 'string') as is_personal
        from jsonb_each(entry.change) as one
    ) as columns;
    if v_alike.is_alike then
        return query select undone.audit_log_id, undone.table_name, undone.row_key, undone.outcome,
            case undone.outcome when 'changed_since' then c_left end
        from staff.entries_undo(v_alike.name, v_alike.names, v_alike.ids, v_alike.row_keys, v_alike.changes) as undone;
        if found then
            perform transit.work_undone(p_change_no);
            return;
        end if;
    end if;
    for v_entry in select * from access.change_entries(p_change_no, p_before, p_limit) loop
        audit_log_id := v_entry.audit_log_id;
        table_name := v_entry.table_name;
        row_key := v_entry.row_key;
        begin
            outcome := staff.entry_undo(v_entry.table_name, v_entry.action, v_entry.row_key, v_entry.change, v_entry.is_touched_since);
            reason := case outcome
                when 'partly' then '個人情報の列は、前の値を残さないので戻せません。 | Personal columns keep no former value and stay as they are.'
                when 'personal' then '個人情報は前の値を残さないので戻せません。 | Personal data keeps no former value and cannot be put back.'
                when 'not_granted' then 'この表や列はあなたの役割では戻せません。 | Your role may not write this table or column.'
                when 'changed_since' then c_left
            end;
        exception when others then
            get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint,
                v_constraint = constraint_name;
            outcome := 'refused';
            reason := staff.refusal_words(v_state, v_message, v_hint, v_constraint, v_entry.table_name);
        end;
        return next;
    end loop;
    perform transit.work_undone(p_change_no);
end;
$$;
comment on function staff.change_undo(bigint, bigint, integer) is
    '変更を元に戻す。自分の変更、店主は全員の。今も変更のままの行だけを戻し、残した行は理由を言う。戻すことも一つの変更。 | Undo a change. One''s own, for the owner anybody''s: rows that are still as it made them; says why others were left. An undo is a change itself.';
