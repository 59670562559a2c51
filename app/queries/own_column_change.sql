select staff.own_column_change(:number, :version, :label_ja, :label_en, :help_ja, :help_en, :choices, :default_text, :readers, :writers)
