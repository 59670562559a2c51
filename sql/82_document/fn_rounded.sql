create or replace function document.rounded(p_amount numeric, p_decimals integer, p_way text)
    returns numeric
    language sql
    immutable
    set search_path = ''
as $$
    -- Towards or away from zero: a refund is rounded as the sale was.
    select case p_way
        when 'up' then sign(p_amount) * ceil(abs(p_amount) * 10 ^ p_decimals::numeric) / 10 ^ p_decimals::numeric
        when 'half_up' then round(p_amount, p_decimals)
        else trunc(p_amount, p_decimals)
    end
$$;
comment on function document.rounded(numeric, integer, text) is
    '端数をまとめる。down 切捨て、half_up 四捨五入、up 切上げ。 | Rounded. down, half_up or up, by so many decimals.';
