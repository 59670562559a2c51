select mail.inquiry_answer(:inquiry_id, cast(:answer_key as uuid), :template_code, :subject, :body)
