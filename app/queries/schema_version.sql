-- Something that only a loaded database has.
select to_regclass('staff.account')::text
