select mail.inquiry_assign(:inquiry_id, cast(:account_id as bigint))
