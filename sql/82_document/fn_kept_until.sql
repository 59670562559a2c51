create or replace function document.kept_until(p_issued_on date)
    returns date
    language sql
    stable
    security definer
    set search_path = ''
as $$
    -- The end of the fiscal year in which it was issued, two months, and the years of the clock.
    select ((
        make_date(extract(year from p_issued_on)::integer, 1, 1)
        + make_interval(months => base.setting_text('fiscal_end_month')::integer
            + case when extract(month from p_issued_on) > base.setting_text('fiscal_end_month')::integer then 12 else 0 end)
        + interval '2 months'
    ) + clock.keep)::date - 1
    from staff.retention_clock as clock
    where clock.retention_code = 'issued_document'
$$;
comment on function document.kept_until(date) is
    '保存期限。発行した年度の末日から二か月後に始まり、保存期間の年数。 | Kept until. From two months after the end of the fiscal year in which it was issued, as many years as its clock says.';
