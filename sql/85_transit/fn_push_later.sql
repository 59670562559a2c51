create or replace function transit.push_later(p_kind text, p_subject_ids bigint[], p_lease bigint, p_after interval)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform 1 from transit.push as push
    where push.kind = p_kind and push.subject_id = any(p_subject_ids)
    order by push.subject_id
    for no key update;
    update transit.push as push
    set lease = null, lease_until = null, due_at = clock_timestamp() + p_after,
        -- Without a wait of their own the whole shop did not answer: its gate keeps that time, and these were not tried.
        attempt = push.attempt - (p_after <= interval '0' and push.attempt > 0)::integer
    where push.kind = p_kind and push.subject_id = any(p_subject_ids) and push.lease = p_lease;
end;
$$;
comment on function transit.push_later(text, bigint[], bigint, interval) is
    '送信を延ばす。担当を返し、後で送る。待ち 0 は一回に数えない。 | Push later. Gives the lease back; they are due again after a while. A wait of 0 is no attempt of theirs.';
