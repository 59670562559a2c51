-- Change numbers, and taking a change back.
grant usage on sequence staff.change_seq to daicho_function;
grant execute on function staff.change_no() to daicho_staff, daicho_worker, daicho_web, daicho_function;
grant execute on function staff.change_begin(bigint), access.change_entries(bigint, bigint, integer), staff.change_undo(bigint, bigint, integer), transit.work_undone(bigint),
    staff.entry_undo(text, text, jsonb, jsonb, boolean), access.row_is_used(regclass, jsonb), staff.writable_columns(regclass, jsonb, text),
    staff.refusal_words(text, text, text, text, text) to daicho_staff;
-- Bulk changes write as whoever asks.
grant execute on function staff.keys_matching(text, jsonb, jsonb, jsonb, integer), staff.rows_change(text, jsonb, jsonb),
    staff.rows_act(text, jsonb, text, jsonb) to daicho_staff;
grant execute on function staff.change_preview(text, jsonb, jsonb, jsonb, integer) to daicho_staff;
grant execute on function staff.entries_undo(text, text[], bigint[], jsonb[], jsonb[]) to daicho_staff;
grant execute on function access.change_size(bigint) to daicho_staff;
