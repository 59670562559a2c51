create or replace function sales.lines_take()
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    create temporary table line_draft on commit drop as
    select work.sales_order_id, work.first_message_id, work.warehouse_id, work.shop_id, work.outcome, work.is_history,
        work.is_cancelled, line.line_key, line.line_no, line.external_listing_no, line.line_name, line.line_option, line.quantity,
        line.unit_price, line.tax_rate
    from pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    cross join lateral jsonb_to_recordset(draft.lines) as line (line_key text, line_no integer, external_listing_no text, line_name text,
        line_option text, quantity integer, unit_price numeric, tax_rate numeric)
    where work.outcome in ('accepted', 'changed');
    -- What a shop sells and we do not know becomes a listing without a SKU, for a person to link.
    insert into channel.listing (shop_id, external_listing_no, listing_name)
    select draft.shop_id, draft.external_listing_no, min(draft.line_name)
    from pg_temp.line_draft as draft
    where not exists (
        select from channel.listing as listing
        where listing.shop_id = draft.shop_id and listing.external_listing_no = draft.external_listing_no
    )
    group by draft.shop_id, draft.external_listing_no
    order by draft.shop_id, draft.external_listing_no
    on conflict on constraint listing_external_uq do nothing;
    -- One without a SKU stays so until this page is done: whoever links it then finds the lines written here.
    perform 1
    from channel.listing as listing
    where listing.sku_id is null and (listing.shop_id, listing.external_listing_no) in (
        select draft.shop_id, draft.external_listing_no from pg_temp.line_draft as draft
    )
    order by listing.listing_id
    for share;
    -- What each line should be, beside what it is.
    create temporary table line_work on commit drop as
    select nextval('sales.sales_order_line_sales_order_line_id_seq') as sales_order_line_id, draft.sales_order_id, draft.warehouse_id,
        draft.first_message_id as arrival, draft.line_no, draft.line_key, draft.external_listing_no, draft.line_name, draft.line_option,
        listing.listing_id, listing.sku_id, draft.quantity as quantity_ordered, draft.unit_price, draft.tax_rate,
        draft.is_history or draft.is_cancelled as is_closed,
        -- A line that comes late to a past order has left the house only if the order has.
        draft.is_history and not draft.is_cancelled and (draft.outcome = 'accepted' or not exists (
            select from sales.sales_order as known
            where known.sales_order_id = draft.sales_order_id and known.cancelled_at is not null
        )) as is_shipped,
        true as is_new, 0 as had, 0 as keeps, case when draft.is_history or draft.is_cancelled then 0 else draft.quantity end as wanted,
        0 as gets, 0 as reserve_part
    from pg_temp.line_draft as draft
    left join channel.listing as listing
        on listing.shop_id = draft.shop_id and listing.external_listing_no = draft.external_listing_no
    where draft.outcome = 'accepted' or not exists (
        select from sales.sales_order_line as line
        where line.sales_order_id = draft.sales_order_id and line.line_key = draft.line_key
    );
    if exists (select from pg_temp.order_work as work where work.outcome in ('changed', 'cancelled')) then
        -- A line that the shop took out keeps its row with nothing ordered; one of a cancelled order keeps what was ordered.
        insert into pg_temp.line_work
        select line.sales_order_line_id, work.sales_order_id, work.warehouse_id, work.first_message_id, coalesce(draft.line_no, line.line_no),
            line.line_key, coalesce(draft.external_listing_no, line.external_listing_no), coalesce(draft.line_name, line.line_name), coalesce(draft.line_option, line.line_option),
            case when moved.is_other then listing.listing_id else line.listing_id end,
            case when moved.is_other then listing.sku_id else line.sku_id end,
            case when work.outcome = 'cancelled' then line.quantity_ordered else coalesce(draft.quantity, 0) end,
            coalesce(draft.unit_price, line.unit_price), coalesce(draft.tax_rate, line.tax_rate),
            work.outcome = 'cancelled' or work.is_history, work.is_history and known.cancelled_at is null, false, line.quantity_reserved,
            case when work.outcome = 'cancelled' or work.is_history or moved.is_other then 0 else least(line.quantity_reserved, coalesce(draft.quantity, 0)) end,
            case when work.outcome = 'cancelled' or work.is_history then 0 else coalesce(draft.quantity, 0) end, 0, line.reserve_part
        from pg_temp.order_work as work
        join sales.sales_order as known on known.sales_order_id = work.sales_order_id
        join sales.sales_order_line as line on line.sales_order_id = work.sales_order_id
        left join pg_temp.line_draft as draft on draft.sales_order_id = line.sales_order_id and draft.line_key = line.line_key
        -- The shop may sell another product on the same line; one that stays the same keeps its SKU, whatever the listing is now.
        cross join lateral (select coalesce(draft.external_listing_no <> line.external_listing_no, false) as is_other) as moved
        left join channel.listing as listing
            on moved.is_other and listing.shop_id = draft.shop_id and listing.external_listing_no = draft.external_listing_no
        where work.outcome in ('changed', 'cancelled');
    end if;
    create index on pg_temp.line_work (sales_order_line_id);
    analyze pg_temp.line_work;
    drop table pg_temp.line_draft;
end;
$$;
comment on function sales.lines_take() is
    '明細を並べる。あるべき行と今の行を作業表に置く。 | Take lines. Puts what each line should be, beside what it is, into the work table.';
