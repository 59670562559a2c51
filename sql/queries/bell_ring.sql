select pg_notify('daicho_bell', '');
