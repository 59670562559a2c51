-- The shop's day.
select base.today()
