create or replace function sales.quotation_line_begin()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
declare
    v_decimals integer;
begin
    if new.line_no = 0 then
        select coalesce(max(line.line_no), 0) + 1 into new.line_no
        from sales.quotation_line as line where line.quotation_id = new.quotation_id;
    end if;
    if new.line_title = '' and new.sku_id is not null then
        select sku.sku_name into new.line_title from catalog.sku as sku where sku.sku_id = new.sku_id;
    end if;
    select currency.decimals into v_decimals
    from sales.quotation as quotation
    join base.currency as currency on currency.currency_code = quotation.currency_code
    where quotation.quotation_id = new.quotation_id;
    if new.unit_price * new.quantity <> round(new.unit_price * new.quantity, v_decimals) then
        raise exception '金額 % の小数が通貨の桁に合いません。 | The amount % has more decimals than its currency.',
            (new.unit_price * new.quantity)::text, (new.unit_price * new.quantity)::text
            using errcode = 'DC002', schema = 'sales', table = 'quotation_line', column = 'unit_price',
                hint = '単価か数量を直します。 | Mend the unit price or the quantity.';
    end if;
    return new;
end;
$$;
comment on function sales.quotation_line_begin() is
    '行番号と品名を補い、金額の桁を確かめる。 | Fill in the line no. and the title, and check the decimals of the amount.';
