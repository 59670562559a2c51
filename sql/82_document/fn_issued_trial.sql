create or replace function document.issued_trial(p_sales_order_id bigint, p_document_kind text)
    returns jsonb
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_kind document.issued_kind;
    v_facts jsonb;
begin
    select kind.* into v_kind from document.issued_kind as kind where kind.document_kind = p_document_kind;
    select document.issued_facts(live.issued_document_id) into v_facts
    from document.issued_live(p_sales_order_id, v_kind.family) as live
    where live.document_kind = p_document_kind and live.shop_id = any((select access.shop_ids())::bigint[])
    order by live.issued_document_id desc
    limit 1;
    if v_facts is null then
        -- Issued and taken back at once: what it would state is read, and no number is used.
        begin
            select issued.facts into v_facts
            from document.document_issue(p_sales_order_id, p_document_kind, '', '', 0) as issued;
            raise exception '取り消します。 | Taken back.' using errcode = 'DC999', hint = '見本です。 | A sample.';
        exception
            when sqlstate 'DC999' then
                null;
        end;
    end if;
    -- No document has this number.
    return v_facts || jsonb_build_object('document_no', v_kind.number_prefix || '-0000000', 'proviso', coalesce(v_facts ->> 'proviso', ''));
end;
$$;
comment on function document.issued_trial(bigint, text) is
    '様式を試すための、載るはずの事実。発行せず、番号も使わない。 | What a document of an order would state, to try a template on. Issues nothing and uses no number.';
