create or replace function customer.customers_resolve()
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    create temporary table identity_work on commit drop as
    select work.draft_id, identity.identity_key, identity.identity_kind, identity.strength, null::bigint as customer_id
    from pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    cross join lateral rows from (
        jsonb_to_recordset(draft.identities) as (identity_key uuid, identity_kind text)
    ) with ordinality as identity (identity_key, identity_kind, strength);
    if not exists (select from pg_temp.identity_work) then
        drop table pg_temp.identity_work;
        return;
    end if;
    analyze pg_temp.identity_work;
    -- Every key that nobody has yet, in one sorted statement, so that two pages wait in turn; a draft without a known key
    -- makes a customer by its strongest one.
    with known as (
        select distinct on (work.draft_id) work.draft_id, identity.customer_id
        from pg_temp.identity_work as work
        join customer.identity as identity on identity.identity_key = work.identity_key
        order by work.draft_id, work.strength
    ), strongest as (
        select distinct on (work.draft_id) work.draft_id, work.identity_key
        from pg_temp.identity_work as work
        where work.draft_id not in (select known.draft_id from known)
        order by work.draft_id, work.strength
    ), fresh as materialized (
        select wanted.identity_key, nextval('customer.customer_customer_id_seq') as customer_id
        from (select distinct strongest.identity_key from strongest) as wanted
    ), made as (
        insert into customer.identity (identity_key, customer_id, identity_kind)
        select distinct on (work.identity_key) work.identity_key, coalesce(known.customer_id, fresh.customer_id), work.identity_kind
        from pg_temp.identity_work as work
        left join known on known.draft_id = work.draft_id
        left join strongest on strongest.draft_id = work.draft_id
        left join fresh on fresh.identity_key = strongest.identity_key
        order by work.identity_key, work.draft_id
        on conflict (identity_key) do nothing
        returning identity.customer_id
    )
    insert into customer.customer (customer_id)
        overriding system value
    select fresh.customer_id from fresh where fresh.customer_id in (select made.customer_id from made);
    update pg_temp.order_work as work
    set customer_id = found.customer_id
    from (
        select distinct on (work.draft_id) work.draft_id, known.customer_id
        from pg_temp.identity_work as work
        join customer.identity as known on known.identity_key = work.identity_key
        order by work.draft_id, work.strength
    ) as found
    where found.draft_id = work.draft_id;
    insert into customer.customer_party (customer_id, customer_name, customer_kana, email, phone, postal_code, country_code, region,
        address_line1, address_line2, company)
    select distinct on (work.customer_id) work.customer_id, buyer.name, buyer.kana, buyer.email, buyer.phone, buyer.postal_code,
        buyer.country_code, buyer.region, buyer.address_line1, buyer.address_line2, buyer.company
    from pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    cross join lateral jsonb_to_record(draft.buyer) as buyer (name text, kana text, email text, phone text, postal_code text,
        country_code text, region text, address_line1 text, address_line2 text, company text)
    where work.customer_id is not null
    order by work.customer_id, work.changed_at desc
    on conflict (customer_id) do nothing;
    drop table pg_temp.identity_work;
end;
$$;
comment on function customer.customers_resolve() is
    '顧客を見つける。手がかりから顧客を探し、いなければ作る。 | Resolve customers. Finds the customer of each order of the work table by identity, or makes one.';
