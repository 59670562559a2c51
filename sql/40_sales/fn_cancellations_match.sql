create or replace function sales.cancellations_match(p_shop_id bigint, p_cancellations jsonb)
    returns table (message_id bigint, external_cancel_no text, line_key text, is_matched boolean, is_new boolean)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_round integer := 1;
    v_order_id bigint;
begin
    create temporary table wanted_work on commit drop as
    select wanted.message_id, wanted.external_cancel_no, wanted.line_key, wanted.external_listing_no, wanted.quantity, wanted.unit_price,
        wanted.cancelled_at, wanted.external_order_no, wanted.external_line_no, buyer.customer_id,
        known.line_cancellation_id is not null as is_known, false as is_new,
        row_number() over (
            partition by wanted.external_listing_no, buyer.customer_id, known.line_cancellation_id is not null
            order by wanted.cancelled_at, wanted.external_cancel_no, wanted.line_key
        ) as round,
        -- Who names a customer that nobody knows has bought nothing; who names none may take back what nobody was named for.
        wanted.external_order_no is null and wanted.identity_key is not null and buyer.customer_id is null as is_stranger
    from jsonb_to_recordset(p_cancellations) as wanted (message_id bigint, external_cancel_no text, line_key text, external_listing_no text,
        quantity integer, unit_price numeric, cancelled_at timestamptz, external_order_no text, external_line_no text, identity_key uuid)
    left join customer.identity as identity on identity.identity_key = wanted.identity_key
    left join sales.sales_order as named on named.shop_id = p_shop_id and named.external_order_no = wanted.external_order_no
    cross join lateral (
        select case when wanted.external_order_no is null then identity.customer_id else named.customer_id end as customer_id
    ) as buyer
    left join lateral (
        select cancellation.line_cancellation_id
        from sales.line_cancellation as cancellation
        where cancellation.shop_id = p_shop_id and cancellation.external_cancel_no = wanted.external_cancel_no
            and cancellation.line_key = wanted.line_key
        limit 1
    ) as known on true
    where p_shop_id = any((select access.shop_ids())::bigint[]);
    analyze pg_temp.wanted_work;

    -- Lines that could be meant, with the pieces that nobody has taken back yet. Orders are locked first, by id.
    create temporary table sale_work on commit drop as
    select line.sales_order_line_id, line.sales_order_id, line.line_key, line.external_listing_no, line.unit_price, known.customer_id,
        known.ordered_at, known.external_order_no, line.quantity_ordered as pieces
    from sales.sales_order_line as line
    join sales.sales_order as known on known.sales_order_id = line.sales_order_id
    where known.shop_id = p_shop_id and known.cancelled_at is null and line.quantity_ordered > 0
        and line.external_listing_no in (select wanted.external_listing_no from pg_temp.wanted_work as wanted where not wanted.is_known);
    delete from pg_temp.sale_work as sale
    where not exists (
        select from pg_temp.wanted_work as wanted
        where wanted.external_listing_no = sale.external_listing_no and not wanted.is_known and sale.ordered_at <= wanted.cancelled_at
            and (wanted.external_order_no = sale.external_order_no
                or wanted.external_order_no is null and wanted.customer_id is not distinct from sale.customer_id)
    );
    perform 1 from sales.sales_order as known
    where known.sales_order_id in (select sale.sales_order_id from pg_temp.sale_work as sale)
    order by known.sales_order_id
    for no key update;
    update pg_temp.sale_work as sale
    set pieces = sale.pieces - taken.quantity
    from (
        select cancellation.sales_order_line_id, sum(cancellation.quantity)::integer as quantity
        from sales.line_cancellation as cancellation
        where cancellation.shop_id = p_shop_id
        group by cancellation.sales_order_line_id
    ) as taken
    where taken.sales_order_line_id = sale.sales_order_line_id;
    create index on pg_temp.sale_work (external_listing_no, customer_id);
    analyze pg_temp.sale_work;

    -- One round for each first, second, … cancellation of a customer and a number, oldest first: the outcome never depends on the order
    -- in which rows came. It takes the sales at its own price, the latest first, then others; all its pieces or none.
    loop
        create temporary table take_work on commit drop as
        select offer.message_id, offer.external_cancel_no, offer.line_key, offer.sales_order_line_id, offer.cancelled_at, offer.unit_price,
            least(offer.pieces, offer.quantity - offer.before)::integer as quantity
        from (
            select wanted.message_id, wanted.external_cancel_no, wanted.line_key, wanted.quantity, wanted.cancelled_at,
                coalesce(wanted.unit_price, sale.unit_price) as unit_price, sale.sales_order_line_id, sale.pieces,
                sum(sale.pieces) over (partition by wanted.external_cancel_no, wanted.line_key) as pieces_in_all,
                sum(sale.pieces) over (
                    partition by wanted.external_cancel_no, wanted.line_key
                    order by coalesce(sale.unit_price = wanted.unit_price, false) desc, sale.ordered_at desc, sale.external_order_no desc,
                        sale.line_key desc, sale.sales_order_line_id desc
                    rows between unbounded preceding and current row
                ) - sale.pieces as before
            from pg_temp.wanted_work as wanted
            join pg_temp.sale_work as sale on sale.external_listing_no = wanted.external_listing_no
                and sale.ordered_at <= wanted.cancelled_at and sale.pieces > 0
                and case
                    when wanted.external_order_no is not null then wanted.external_order_no = sale.external_order_no
                        and (wanted.external_line_no is null or wanted.external_line_no = sale.line_key)
                    when wanted.customer_id is null then sale.customer_id is null and sale.unit_price = wanted.unit_price
                    else wanted.customer_id = sale.customer_id
                end
            where wanted.round = v_round and not wanted.is_known and not wanted.is_stranger and wanted.quantity > 0
        ) as offer
        where offer.pieces_in_all >= offer.quantity and offer.before < offer.quantity;
        insert into sales.line_cancellation (sales_order_line_id, cancelled_at, quantity, amount, shop_id, external_cancel_no, line_key)
        select take.sales_order_line_id, take.cancelled_at, take.quantity, round(take.quantity * take.unit_price, 4), p_shop_id,
            take.external_cancel_no, take.line_key
        from pg_temp.take_work as take
        order by take.sales_order_line_id, take.external_cancel_no, take.line_key;
        update pg_temp.sale_work as sale
        set pieces = sale.pieces - take.quantity
        from (
            select work.sales_order_line_id, sum(work.quantity)::integer as quantity
            from pg_temp.take_work as work
            group by work.sales_order_line_id
        ) as take
        where take.sales_order_line_id = sale.sales_order_line_id;
        update pg_temp.wanted_work as wanted
        set is_new = true
        from pg_temp.take_work as take
        where take.external_cancel_no = wanted.external_cancel_no and take.line_key = wanted.line_key;
        drop table pg_temp.take_work;
        v_round := v_round + 1;
        exit when not exists (select from pg_temp.wanted_work as wanted where wanted.round >= v_round and not wanted.is_known);
    end loop;

    -- An order that has not shipped and of which everything was taken back is cancelled.
    for v_order_id in
        select known.sales_order_id
        from sales.sales_order as known
        join sales.sales_order_line as line on line.sales_order_id = known.sales_order_id
        left join (
            select cancellation.sales_order_line_id, sum(cancellation.quantity) as quantity
            from sales.line_cancellation as cancellation
            where cancellation.shop_id = p_shop_id
            group by cancellation.sales_order_line_id
        ) as taken on taken.sales_order_line_id = line.sales_order_line_id
        where known.sales_order_id in (select sale.sales_order_id from pg_temp.sale_work as sale)
            and not known.is_history and known.shipped_at is null and known.cancelled_at is null
        group by known.sales_order_id
        having bool_and(coalesce(taken.quantity, 0) >= line.quantity_ordered) and bool_or(taken.quantity > 0)
        order by known.sales_order_id
    loop
        perform sales.order_cancel(v_order_id, 'buyer');
    end loop;

    return query
    select wanted.message_id, wanted.external_cancel_no, wanted.line_key, wanted.is_known or wanted.is_new, wanted.is_new
    from pg_temp.wanted_work as wanted
    order by wanted.external_cancel_no, wanted.line_key;
    drop table pg_temp.wanted_work, pg_temp.sale_work;
end;
$$;
comment on function sales.cancellations_match(bigint, jsonb) is
    '取消を売上に結ぶ。同じ顧客の同じ商品番号で、取消より前に売れ、まだ足りる数が残る明細に結ぶ。結べたかを行ごとに返す。 | Match cancellations. Each to sales of the same customer and number before it, with enough pieces left; answers per line whether it was matched.';
