create or replace function transit.push_done(
    p_kind text, p_subject_ids bigint[], p_claimed bigint[], p_levels integer[], p_lease bigint, p_echo_after interval
)
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
    set done_version = greatest(push.done_version, done.claimed_version),
        -- A lease that is no longer ours: somebody else sent meanwhile, and ours may have arrived last. An echo goes out once more.
        wanted_version = push.wanted_version + (push.lease is distinct from p_lease or push.is_echo)::integer,
        due_at = case when push.lease is distinct from p_lease or push.is_echo then clock_timestamp() + p_echo_after else '-infinity' end,
        is_echo = case when push.lease is distinct from p_lease then push.is_echo else false end,
        lease = case when push.lease is distinct from p_lease then push.lease end,
        lease_until = case when push.lease is distinct from p_lease then push.lease_until end,
        attempt = 0, done_at = clock_timestamp(), sent_level = done.level
    from unnest(p_subject_ids, p_claimed, p_levels) as done (subject_id, claimed_version, level)
    where push.kind = p_kind and push.subject_id = done.subject_id;
end;
$$;
comment on function transit.push_done(text, bigint[], bigint[], integer[], bigint, interval) is
    '送信を終える。伝えた版を記し、担当が替わっていればもう一度送る。 | Pushes done. Notes what was told; where the lease had passed on, it is sent once more.';
