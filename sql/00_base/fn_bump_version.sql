create or replace function base.bump_version()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
begin
    new.version := old.version + 1;
    return new;
end;
$$;
comment on function base.bump_version() is
    '版を進める。同時編集を見つけるための番号。 | Bump version. The number by which two people editing one row are told apart.';
