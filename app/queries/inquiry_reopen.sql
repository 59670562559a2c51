select mail.inquiry_reopen(:inquiry_id)
