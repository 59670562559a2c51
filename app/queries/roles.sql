-- Every role with how many people have it.
select role.staff_role, role.label, role.purpose, role.is_own, role.copied_from, source.label as copied_label, role.is_outside,
    role.needs_second_factor, role.ended_at, role.version, count(account.account_id) as people,
    access.role_within(role.staff_role, :held) as is_within
from staff.staff_role as role
left join staff.staff_role as source on source.staff_role = role.copied_from
left join staff.account as account on account.staff_role = role.staff_role and account.ended_at is null
where role.staff_role <> 'system' and (cast(:staff_role as text) is null or role.staff_role = :staff_role)
group by role.staff_role, source.label
order by role.ended_at is not null, role.is_own, role.label
