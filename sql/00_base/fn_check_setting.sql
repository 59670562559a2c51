create or replace function base.check_setting()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
declare
    c_days_max constant integer := 60;
    v_text constant text := new.value #>> '{}';
    v_kind constant text := jsonb_typeof(new.value);
begin
    if new.setting_code = 'ship_lead_days' then
        if v_kind <> 'number' or v_text !~ '^[0-9]{1,2}$' or v_text::integer > c_days_max then
            raise exception '日数は 0 から % までの整数です。 | Days are a whole number from 0 to %.', c_days_max, c_days_max
                using errcode = 'DC002', schema = 'base', table = 'setting', column = 'value',
                    hint = '引用符を付けずに、たとえば 2 と入れます。 | Give it without quotes, as in 2.';
        end if;
    elsif new.setting_code = 'time_zone' then
        -- What PostgreSQL alone knows ("posix/…") stops the programs that read it too.
        if v_kind <> 'string' or v_text like 'posix%' or not exists (
            select from pg_catalog.pg_timezone_names as zone where zone.name = v_text
        ) then
            raise exception 'この時間帯はありません。 | There is no such time zone.'
                using errcode = 'DC002', schema = 'base', table = 'setting', column = 'value',
                    hint = 'たとえば "Asia/Tokyo" と、引用符を付けて入れます。 | Give a name in quotes, as in "Asia/Tokyo".';
        end if;
    elsif new.setting_code = 'fiscal_end_month' then
        if v_kind <> 'number' or v_text !~ '^([1-9]|1[0-2])$' then
            raise exception '決算の月は 1 から 12 です。 | The month in which the fiscal year ends is 1 to 12.'
                using errcode = 'DC002', schema = 'base', table = 'setting', column = 'value',
                    hint = '引用符を付けずに、たとえば 3 と入れます。 | Give it without quotes, as in 3.';
        end if;
    elsif new.setting_code = 'base_currency' then
        if v_kind <> 'string' or not exists (
            select from base.currency as currency where currency.currency_code::text = v_text
        ) then
            raise exception 'この通貨は登録されていません。 | This currency is not known here.'
                using errcode = 'DC002', schema = 'base', table = 'setting', column = 'value',
                    hint = 'たとえば "JPY" と、引用符を付けて入れます。 | Give a code of the list of currencies in quotes, as in "JPY".';
        end if;
    elsif new.setting_code = 'home_country' then
        if v_kind <> 'string' or v_text !~ '^[A-Z]{2}$' then
            raise exception '国は ISO 3166 の大文字二文字です。 | A country is two capital letters of ISO 3166.'
                using errcode = 'DC002', schema = 'base', table = 'setting', column = 'value',
                    hint = 'たとえば "JP" と、引用符を付けて入れます。 | Give it in quotes, as in "JP".';
        end if;
    elsif new.setting_code = 'customs_small_value' then
        if v_kind <> 'number' or v_text !~ '^[0-9]{1,12}(\.[0-9]{1,4})?$' then
            raise exception '額は 0 以上の数です。 | The value is a number of 0 or more.'
                using errcode = 'DC002', schema = 'base', table = 'setting', column = 'value',
                    hint = '引用符を付けずに、たとえば 45000 と入れます。 | Give it without quotes, as in 45000.';
        end if;
    end if;
    return new;
end;
$$;
comment on function base.check_setting() is
    '設定を確かめる。日数は 0〜60 の整数、時間帯と通貨は知られたもの。 | Check a setting. Days are whole and 0 to 60; the time zone and the currency are known ones.';
