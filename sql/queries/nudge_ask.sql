-- One request that waits is enough; one that runs already may have looked too early.
select transit.job_ask('orders', 'pull_orders', jsonb_build_object('shop_id', %(shop_id)s::bigint)) as job_request_id
where not exists (
    select from transit.job_request as request
    where request.done_at is null and request.job = 'pull_orders' and request.lease is null
        and request.arguments ->> 'shop_id' = %(shop_id)s::bigint::text
);
