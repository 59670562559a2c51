insert into base.exchange_rate (currency_code, valid_on, rate)
values ('USD', %(valid_on)s, 150)
on conflict (currency_code, valid_on) do nothing;
