-- Who may answer an inquiry, for whom to give it to.
select answerer.account_id, answerer.display_name from mail.inquiry_answerers(:inquiry_id) as answerer
