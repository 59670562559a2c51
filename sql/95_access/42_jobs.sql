-- What one changed oneself, so that one can take it back; read by staff.change_entries alone.
create policy own on staff.audit_log for select to daicho_function using (account_id = (select access.account_id()));
grant select on staff.audit_log to daicho_function;
grant usage on sequence staff.change_seq to daicho_function;
grant execute on function staff.change_no() to daicho_staff, daicho_worker, daicho_web, daicho_function;
grant execute on function staff.change_begin(bigint), staff.change_entries(bigint, bigint, integer), staff.change_undo(bigint, bigint, integer),
    staff.entry_undo(text, text, jsonb, jsonb, boolean), access.row_is_used(regclass, jsonb), staff.writable_columns(regclass, jsonb, text),
    staff.refusal_words(text, text, text, text, text) to daicho_staff;
-- Bulk changes write as whoever asks.
grant execute on function staff.keys_matching(text, jsonb, jsonb, jsonb, integer), staff.rows_change(text, jsonb, jsonb),
    staff.rows_act(text, jsonb, text, jsonb) to daicho_staff;
grant execute on function staff.change_preview(text, jsonb, jsonb, jsonb, integer) to daicho_staff;
