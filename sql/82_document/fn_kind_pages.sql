create or replace function document.kind_pages(p_document_kind text, p_row_ids bigint[])
    returns table (row_id bigint, page jsonb)
    language plpgsql
    stable
    set search_path = ''
as $$
begin
    case p_document_kind
        when 'quotation' then return query select found.quotation_id, found.page from document.quotation_pages(p_row_ids) as found;
        when 'customs_form' then return query select found.sales_order_id, found.page from document.customs_pages(p_row_ids) as found;
        else return query select found.sales_order_id, found.page from document.order_pages(p_row_ids) as found;
    end case;
end;
$$;
comment on function document.kind_pages(text, bigint[]) is
    '帳票の種類ごとの、載ること。 | What documents of a kind say. Of the rows that they are made of, in the order asked for.';
