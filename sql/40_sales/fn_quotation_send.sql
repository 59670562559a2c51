create or replace function sales.quotation_send(p_quotation_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_quotation sales.quotation := sales.quotation_take(p_quotation_id);
    v_total numeric;
begin
    if v_quotation.state <> 'draft' then
        raise exception '見積 % はすでに送付済みです。 | Quotation % has been sent already.', v_quotation.quotation_no, v_quotation.quotation_no
            using errcode = 'DC012', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    if not exists (select from sales.quotation_line as line where line.quotation_id = p_quotation_id) then
        raise exception '見積 % に明細がありません。 | Quotation % has no lines.', v_quotation.quotation_no, v_quotation.quotation_no
            using errcode = 'DC003', hint = '「編集」で明細を入れます。 | Add lines by Edit.';
    end if;
    if not exists (
        select from sales.quotation_party as party
        where party.quotation_id = p_quotation_id and btrim(coalesce(party.company, '') || coalesce(party.person_name, ''), E' \t\u3000') <> ''
    ) then
        raise exception '見積 % に宛名がありません。 | Quotation % has no addressee.', v_quotation.quotation_no, v_quotation.quotation_no
            using errcode = 'DC003', hint = '宛先に会社名か担当者名を入れます。 | Give the addressee a company or a person.';
    end if;
    if v_quotation.valid_until < base.today() then
        raise exception '見積 % の有効期限 % は過ぎています。 | Quotation % was valid until %.', v_quotation.quotation_no, v_quotation.valid_until,
            v_quotation.quotation_no, v_quotation.valid_until
            using errcode = 'DC002', column = 'valid_until', schema = 'sales', table = 'quotation',
                hint = '有効期限を直します。 | Mend the day until which it is valid.';
    end if;
    select totals.total into v_total from document.quotation_totals(p_quotation_id) as totals;
    if v_total <> round(v_total, (
        select currency.decimals from base.currency as currency where currency.currency_code = v_quotation.currency_code
    )) then
        raise exception '見積 % の合計の小数が % の桁に合いません。 | The total of quotation % has more decimals than %.', v_quotation.quotation_no,
            v_quotation.currency_code, v_quotation.quotation_no, v_quotation.currency_code
            using errcode = 'DC002', hint = '単価を直します。 | Mend the unit prices.';
    end if;
    if v_total < 0 then
        raise exception '見積 % の合計が負です。 | The total of quotation % is below 0.', v_quotation.quotation_no, v_quotation.quotation_no
            using errcode = 'DC002', hint = '値引の行を確かめます。 | Check what is taken off.';
    end if;
    update sales.quotation as known
    set state = 'sent', issued_on = base.today(), tax_rounding = base.setting_text('tax_rounding'), total = v_total
    where known.quotation_id = p_quotation_id;
end;
$$;
comment on function sales.quotation_send(bigint) is
    '見積を送付済みにする。今日の日付で、以後は変えられない。 | Mark a quotation as sent. It has today''s date and is not changed any more.';
