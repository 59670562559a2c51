create or replace function transit.files_forget(p_after interval)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_count integer;
begin
    -- Conditions hold what a person typed to find people: they go with the file.
    update transit.job_request as request
    set file_name = null, stored_as = null, arguments = '{}', mark = null
    where request.done_at < clock_timestamp() - p_after and request.label is not null
        and (request.stored_as is not null or request.arguments <> '{}' or request.mark is not null);
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;
comment on function transit.files_forget(interval) is
    '結果のファイルを忘れる。引数も消し、数を返す。 | Forget files. Of jobs that ended so long ago, with their arguments; returns how many.';
