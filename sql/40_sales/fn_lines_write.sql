create or replace function sales.lines_write()
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    insert into sales.sales_order_line (sales_order_line_id, sales_order_id, listing_id, sku_id, line_no, quantity_ordered,
        quantity_reserved, quantity_shipped, reserve_part, is_closed, unit_price, tax_rate, line_key, external_listing_no, line_name,
        line_option)
        overriding system value
    select work.sales_order_line_id, work.sales_order_id, work.listing_id, work.sku_id, work.line_no, work.quantity_ordered,
        work.keeps + work.gets, case when work.is_shipped then work.quantity_ordered else 0 end, (work.gets > 0)::integer, work.is_closed,
        work.unit_price, work.tax_rate, work.line_key, work.external_listing_no, work.line_name, work.line_option
    from pg_temp.line_work as work
    where work.is_new
    order by work.sales_order_id, work.line_no;
    if exists (select from pg_temp.line_work as work where not work.is_new) then
        update sales.sales_order_line as line
        set quantity_ordered = work.quantity_ordered, quantity_reserved = work.keeps + work.gets,
            quantity_shipped = case when work.is_shipped then work.quantity_ordered else line.quantity_shipped end,
            reserve_part = line.reserve_part + 1, is_closed = work.is_closed, line_no = work.line_no, unit_price = work.unit_price,
            tax_rate = work.tax_rate, line_name = work.line_name, line_option = work.line_option, sku_id = work.sku_id,
            listing_id = work.listing_id, external_listing_no = work.external_listing_no
        from pg_temp.line_work as work
        where line.sales_order_line_id = work.sales_order_line_id and not work.is_new
            and (work.had <> work.keeps + work.gets or work.had > 0 and work.keeps = 0
                or (line.quantity_ordered, line.is_closed, line.line_no, line.unit_price, line.tax_rate, line.line_name, line.line_option,
                    line.sku_id, line.listing_id, line.external_listing_no)
                is distinct from (work.quantity_ordered, work.is_closed, work.line_no, work.unit_price, work.tax_rate, work.line_name,
                    work.line_option, work.sku_id, work.listing_id, work.external_listing_no));
    end if;
end;
$$;
comment on function sales.lines_write() is
    '明細を書く。作業表の行を、引当の結果とともに明細へ写す。 | Write lines. Writes the lines of the work table with what they were given.';
