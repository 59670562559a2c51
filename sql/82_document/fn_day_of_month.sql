create or replace function document.day_of_month(p_month date, p_day integer)
    returns date
    language sql
    immutable
    set search_path = ''
as $$
    select date_trunc('month', p_month)::date
        + least(p_day, extract(day from date_trunc('month', p_month) + interval '1 month - 1 day')::integer) - 1
$$;
comment on function document.day_of_month(date, integer) is
    'その月の何日か。月末を過ぎる日は月末。 | The so-manieth day of a month; its last one where it has not so many.';
