select nextval('transit.message_message_id_seq') as message_id from generate_series(1, %(count)s) order by 1;
