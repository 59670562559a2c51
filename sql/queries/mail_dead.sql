select dead.address_key
from mail.dead_address as dead
where dead.address_key = any(%(keys)s::uuid[]);
