create or replace function transit.job_ask(p_lane text, p_job text, p_arguments jsonb default '{}')
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_job_request_id bigint;
    c_open_max constant integer := 20;
    c_size_max constant integer := 1000;
begin
    -- The programs ask for what they like; people for what the schedule does too, in shops that they may see.
    if access.role_in_force() is distinct from 'system' then
        if access.account_id() is null then
            raise exception '担当者がわかりません。 | Nobody is known to ask.' using errcode = 'DC403', hint = '入り直します。 | Sign in again.';
        end if;
        if (p_lane, p_job) not in (('slow', 'run_checks'), ('slow', 'refresh_holds'), ('orders', 'pull_orders'), ('orders', 'accept_messages'),
            ('slow', 'compare_stock'), ('slow', 'check_shop')) is not false then
            raise exception 'ジョブ % は頼めません。 | The job % cannot be asked for.', translate(left(p_job, 60), '|', ' '), translate(left(p_job, 60), '|', ' ')
                using errcode = 'DC403', hint = '画面のボタンから頼みます。 | Ask for it by a button.';
        end if;
        if p_arguments is null or jsonb_typeof(p_arguments) <> 'object' or octet_length(p_arguments::text) > c_size_max then
            raise exception '頼む内容がないか、大きすぎます。 | What is asked for is missing or too large.'
                using errcode = 'DC002', hint = '店舗番号だけを渡します。 | Give the number of a shop alone.';
        end if;
        if (p_arguments ? 'shop_id' or p_job in ('pull_orders', 'compare_stock', 'check_shop')) and not exists (
            select from channel.shop as shop
            where to_jsonb(shop.shop_id) = p_arguments -> 'shop_id' and shop.shop_id = any((select access.shop_ids())::bigint[])
        ) then
            raise exception '店舗は見つかりません。 | The shop is not there.'
                using errcode = 'DC404', hint = '店舗の一覧から選びます。 | Choose it from the list of shops.';
        end if;
        if (
            select count(*) from transit.job_request as request
            where request.requested_by = (select access.account_id()) and request.done_at is null
        ) >= c_open_max then
            raise exception '終わっていないジョブが % 件あります。 | You have % jobs that have not ended.', c_open_max, c_open_max
                using errcode = 'DC010', hint = '終わるのを待ちます。 | Wait for them.';
        end if;
    end if;
    -- Rung here and not by a trigger: whoever asks waits for an answer; the schedule's rows are found by the sweep.
    perform pg_notify('daicho_bell', '');
    insert into transit.job_request (lane, job, arguments, requested_by)
    values (p_lane, p_job, p_arguments, access.account_id())
    returning job_request_id into v_job_request_id;
    return v_job_request_id;
end;
$$;
comment on function transit.job_ask(text, text, jsonb) is
    'ジョブを頼む。番号を返す。担当者は時刻表のジョブだけを、見てよい店舗に、20 件まで。 | Ask for a job. Returns its number; staff ask for what the schedule does alone, in shops that they may see, up to 20 at a time.';
