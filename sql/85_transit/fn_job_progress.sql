create or replace function transit.job_progress(
    p_job_request_id bigint, p_lease bigint, p_step text, p_done integer, p_of_all integer, p_mark jsonb default null
)
    returns text
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_is_cancel_wanted boolean;
begin
    update transit.job_request as request
    set step = p_step, done = p_done, of_all = p_of_all, mark = coalesce(p_mark, request.mark),
        attempt = case when p_mark is null then request.attempt else 1 end
    where request.job_request_id = p_job_request_id and request.lease = p_lease
    returning request.cancel_wanted_at is not null into v_is_cancel_wanted;
    return case when not found then 'lost' when v_is_cancel_wanted then 'cancel' else 'on' end;
end;
$$;
comment on function transit.job_progress(bigint, bigint, text, integer, integer, jsonb) is
    'ジョブの進み。on は続ける、cancel は止める、lost は担当が替わった。 | Job progress. Answers on, cancel when it was asked for, or lost when another has the job by now.';
