select staff.own_table_add(:code, :label_ja, :label_en, :help_ja, :help_en, :readers, :writers)
