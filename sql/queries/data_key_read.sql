select data_key.data_key_id, data_key.external_no, data_key.wrapped_key
from transit.data_key as data_key
where data_key.data_key_id = any(%(ids)s);
