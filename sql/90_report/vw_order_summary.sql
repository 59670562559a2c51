create or replace view report.order_summary with (security_invoker = true) as
select sales_order.sales_order_id,
    (
        select (string_agg(split_part(reason.label, ' | ', 1), '、' order by reason.rank)
            || ' | ' || string_agg(split_part(reason.label, ' | ', 2), ', ' order by reason.rank))::base.bilingual
        from sales.hold as hold
        join sales.hold_reason as reason on reason.hold_reason = hold.hold_reason
        where hold.sales_order_id = sales_order.sales_order_id and hold.released_at is null
            and sales_order.shipped_at is null and sales_order.cancelled_at is null
            -- A status that says its reason itself needs no second word
            and (reason.status = 'on_hold' or reason.status <> sales_order.status)
    ) as why,
    line.items, line.pieces
from sales.sales_order as sales_order
left join lateral (
    select (case when count(*) = 1 then first.name || ' | ' || first.name
            else first.name || ' ほか' || count(*) - 1 || '点 | ' || first.name || ' +' || count(*) - 1 end)::base.bilingual as items,
        sum(one.quantity_ordered)::integer as pieces
    from sales.sales_order_line as one
    cross join lateral (
        -- A bar in a name would be read as the border between the languages
        select regexp_replace(translate(left(coalesce(nullif(named.line_name, ''), nullif(named.external_listing_no, ''), '—'), 100), '|', '/'),
            '[[:cntrl:]]', ' ', 'g') as name
        from sales.sales_order_line as named
        where named.sales_order_id = sales_order.sales_order_id and named.quantity_ordered > 0
        order by named.line_no, named.sales_order_line_id
        limit 1
    ) as first
    where one.sales_order_id = sales_order.sales_order_id and one.quantity_ordered > 0
    group by first.name
) as line on true;
comment on view report.order_summary is
    '受注のあらまし。一覧の一行で読む、待つ理由と品目。 @key(sales_order_id) | Orders in short. Why each waits and what is in it, for one line of a list. @key(sales_order_id)';
comment on column report.order_summary.sales_order_id is '番号。 | Number. Given by Daicho.';
comment on column report.order_summary.why is 'なぜここ。開いている保留の理由。 | Why here. The reasons of its open holds.';
comment on column report.order_summary.items is '商品。最初の明細と、ほかの点数。 | Items. The first line, and how many more there are.';
comment on column report.order_summary.pieces is '点数。 | Pieces. Ordered, of all lines.';
