-- The shop's own roles are rows: they get their rights again, in this same transaction.
select access.roles_apply();
