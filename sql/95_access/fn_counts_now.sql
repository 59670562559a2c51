create or replace function access.counts_now(p_searches jsonb)
    returns table (count_code text, counted integer, is_limited boolean, oldest_at timestamptz, fault text)
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_rows_max constant integer := 10000;
    v_search jsonb;
    v_is_late boolean := false;
begin
    -- What the asker's role may not read is left out, not refused.
    begin
        return query select 'status:' || count.status, count.orders::integer, false, null::timestamptz, null::text from report.order_count as count;
        return query select 'orders', sum(count.orders)::integer, false, null::timestamptz, null::text from report.order_count as count;
    exception when insufficient_privilege then
    end;
    begin
        return query select 'hold:' || count.hold_reason, count.holds::integer, false, count.oldest_at, null::text from report.hold_count as count;
    exception when insufficient_privilege then
    end;
    begin
        return query select 'inbox:' || count.inbox_reason, count.items::integer, false, count.oldest_at, null::text from report.inbox_count as count;
        return query select 'inbox', coalesce(sum(count.items), 0)::integer, false, min(count.oldest_at), null::text from report.inbox_count as count;
    exception when insufficient_privilege then
    end;
    begin
        return query
        select 'push', least(count(*), c_rows_max)::integer, count(*) > c_rows_max, null::timestamptz, null::text
        from (select from transit.push as push where push.is_due limit c_rows_max + 1) as due;
    exception when insufficient_privilege then
    end;
    begin
        return query
        select 'mail:' || state.state, least(count(due.state), c_rows_max)::integer, count(due.state) > c_rows_max, null::timestamptz, null::text
        from (values ('due'), ('unknown')) as state (state)
        left join lateral (
            select mail.state from mail.mail as mail where mail.state = state.state limit c_rows_max + 1
        ) as due on true
        group by state.state;
    exception when insufficient_privilege then
    end;
    begin
        return query
        select 'inquiry:open', least(count(*), c_rows_max)::integer, count(*) > c_rows_max, min(open.last_at), null::text
        from (select inquiry.last_at from mail.inquiry as inquiry where inquiry.state = 'open' limit c_rows_max + 1) as open;
    exception when insufficient_privilege then
    end;
    begin
        return query select 'checks', (count(*) filter (where result.findings > 0))::integer, false, null::timestamptz, null::text
        from report.check_result as result;
    exception when insufficient_privilege then
    end;
    for v_search in select search.value from jsonb_array_elements(p_searches) as search loop
        continue when not coalesce(has_any_column_privilege(to_regclass(v_search ->> 'relation'), 'select'), true);
        count_code := v_search ->> 'code';
        oldest_at := null;
        fault := access.condition_fault(v_search ->> 'relation', v_search -> 'condition');
        counted := null;
        begin
            if fault is null and v_is_late then
                fault := 'ほかの条件に時間がかかり、数えられませんでした。 | Others took too long: it was not counted.';
            elsif fault is null then
                counted := access.rows_count(v_search ->> 'relation', v_search -> 'condition', c_rows_max + 1);
            end if;
        exception
            when insufficient_privilege then
                continue;
            when query_canceled then
                v_is_late := true;
                fault := '時間がかかりすぎて数えられませんでした。条件を絞ってください。 | It took too long to count: narrow the conditions.';
        end;
        is_limited := coalesce(counted > c_rows_max, false);
        counted := case when is_limited then c_rows_max else counted end;
        return next;
    end loop;
end;
$$;
comment on function access.counts_now(jsonb) is
    '今の件数。聞く人の権限と範囲で、状態、保留、要対応、送信、メール、問い合わせ、検査と、渡された抽出条件を数える。 | Counts as of now. Statuses, holds, inbox, pushes, mails, inquiries, checks and the given searches, with the rights and scope of who asks.';
