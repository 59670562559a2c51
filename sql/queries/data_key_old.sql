select data_key.data_key_id, data_key.shop_id, data_key.external_no, data_key.wrapped_key
from transit.data_key as data_key
where substr(data_key.wrapped_key, 1, length(%(current)s::bytea)) <> %(current)s::bytea
order by data_key.data_key_id
limit %(limit)s;
