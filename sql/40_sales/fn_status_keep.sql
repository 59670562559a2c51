create or replace function sales.status_keep(p_sales_order_ids bigint[])
    returns void
    language sql
    set search_path = ''
as $$
    update sales.sales_order as known
    set status = headline.status
    from sales.order_headline as headline
    where known.sales_order_id = any(p_sales_order_ids) and headline.sales_order_id = known.sales_order_id
        and headline.sales_order_id = any(p_sales_order_ids) and known.status <> headline.status
$$;
comment on function sales.status_keep(bigint[]) is
    '状態を保つ。保留が変わった受注の見出しを書き直す。 | Keep status. Writes the headline of orders whose holds changed.';
