select mail.inquiry_close(:inquiry_id)
