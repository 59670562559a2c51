create or replace function base.exchange_rate_at(p_currency_code text, p_on date)
    returns numeric
    language sql
    stable
    set search_path = ''
as $$
    select case
        when p_currency_code = base.setting_text('base_currency') then 1
        else (
            select exchange_rate.rate
            from base.exchange_rate as exchange_rate
            where exchange_rate.currency_code = p_currency_code and exchange_rate.valid_on <= p_on
            order by exchange_rate.valid_on desc
            limit 1
        )
    end
$$;
comment on function base.exchange_rate_at(text, date) is
    '為替レート。その日の、外貨一単位の基準通貨額。なければ null。 | Exchange rate. Base money for one unit on that day; null when unknown.';
