select factor.account_id, factor.secret
from staff.second_factor as factor
where substr(factor.secret, 1, length(%(current)s::bytea)) <> %(current)s::bytea
order by factor.account_id
limit %(limit)s
for update;
