create or replace function sales.quotation_keep()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
declare
    v_quotation_ids bigint[] := case
        when tg_op = 'DELETE' then array[(to_jsonb(old) ->> 'quotation_id')::bigint]
        when tg_op = 'INSERT' then array[(to_jsonb(new) ->> 'quotation_id')::bigint]
        else array[(to_jsonb(old) ->> 'quotation_id')::bigint, (to_jsonb(new) ->> 'quotation_id')::bigint]
    end;
    v_quotation sales.quotation;
begin
    if tg_table_name = 'quotation_party' and tg_op = 'UPDATE' then
        -- What is forgotten goes from what was sent as well, and does not come back.
        if jsonb_strip_nulls(to_jsonb(new)) - array['quotation_id', 'version'] - 'forgotten_at' = '{}' and to_jsonb(new) ->> 'forgotten_at' is not null then
            return new;
        elsif to_jsonb(old) ->> 'forgotten_at' is not null then
            raise exception 'この見積の宛先は消されました。 | The addressee of this quotation was forgotten.'
                using errcode = 'DC010', hint = '新しい見積を作ります。 | Make a new quotation.';
        end if;
    end if;
    -- Locked, so that nothing is written into one that is being sent.
    for v_quotation in
        select known.* from sales.quotation as known
        where known.quotation_id = any(v_quotation_ids)
        order by known.quotation_id
        for no key update
    loop
        if v_quotation.state <> 'draft' then
            raise exception '見積 % は送付済みで、変えられません。 | Quotation % has been sent and cannot be changed.',
                v_quotation.quotation_no, v_quotation.quotation_no
                using errcode = 'DC010', hint = '「写しを作る」で新しい見積を作り、それを直します。 | Make a copy and change that one.';
        end if;
    end loop;
    return case when tg_op = 'DELETE' then old else new end;
end;
$$;
comment on function sales.quotation_keep() is '送った見積の明細と宛先を守る。 | Keep lines and addressee of a quotation that was sent.';
