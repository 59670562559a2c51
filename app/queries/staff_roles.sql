-- The roles that a person can have.
select role.staff_role, role.label from staff.staff_role as role where role.staff_role <> 'system'
