create or replace function staff.change_undo(p_change_no bigint, p_before bigint default null, p_limit integer default 500)
    returns table (audit_log_id bigint, table_name text, row_key jsonb, outcome text, reason text)
    language plpgsql
    set search_path = ''
as $$
declare
    v_entry record;
    v_state text;
    v_message text;
    v_hint text;
    v_constraint text;
begin
    -- With the rights of whoever asks: what one may not write, one cannot take back.
    for v_entry in select * from staff.change_entries(p_change_no, p_before, p_limit) loop
        audit_log_id := v_entry.audit_log_id;
        table_name := v_entry.table_name;
        row_key := v_entry.row_key;
        begin
            outcome := staff.entry_undo(v_entry.table_name, v_entry.action, v_entry.row_key, v_entry.change, v_entry.is_touched_since);
            reason := case outcome
                when 'partly' then '個人情報の列は、前の値を残さないので戻せません。 | Personal columns keep no former value and stay as they are.'
                when 'personal' then '個人情報は前の値を残さないので戻せません。 | Personal data keeps no former value and cannot be put back.'
                when 'not_granted' then 'この表や列はあなたの役割では戻せません。 | Your role may not write this table or column.'
                when 'changed_since' then 'その後に変わったか使われたので、そのままにしました。 | Changed or used since, so it was left.'
            end;
        exception when others then
            get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint,
                v_constraint = constraint_name;
            outcome := 'refused';
            reason := staff.refusal_words(v_state, v_message, v_hint, v_constraint, v_entry.table_name);
        end;
        return next;
    end loop;
end;
$$;
comment on function staff.change_undo(bigint, bigint, integer) is
    '変更を元に戻す。自分の変更、店主は全員の。今も変更のままの行だけを戻し、残した行は理由を言う。戻すことも一つの変更。 | Undo a change. One''s own, for the owner anybody''s: rows that are still as it made them; says why others were left. An undo is a change itself.';
