create or replace function transit.work_undone(p_change_no bigint)
    returns void
    language sql
    security definer
    set search_path = ''
as $$
    update transit.job_request as request
    set answer = request.answer || '{"undoable": false}'
    where request.answer -> 'change_no' = to_jsonb(p_change_no) and request.answer -> 'undoable' = 'true'
        and (request.requested_by = access.account_id() or access.staff_role() = 'owner');
$$;
comment on function transit.work_undone(bigint) is
    '元に戻した変更の仕事。もう一度は勧めない。 | Work undone. The job that made this change does not offer its undo again.';
