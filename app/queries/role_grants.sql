-- What a role of the shop's own was granted, as its rows say.
select known.object_name, known.verb, known.columns from staff.role_grant as known where known.staff_role = :staff_role
