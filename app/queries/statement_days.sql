-- The last closing dates of customers who pay later, the newest first, with how many customers close on each.
select day.closes_on, count(*) as customers
from customer.credit_term as term
cross join lateral (
    select document.day_of_month((base.today() - make_interval(months => back.months))::date, term.closing_day) as closes_on
    from generate_series(0, 2) as back (months)
) as day
where term.is_on and day.closes_on <= base.today() and day.closes_on >= term.starts_on
group by day.closes_on
order by day.closes_on desc
limit 6
