select staff.own_column_add(:table_name, :code, :kind, :label_ja, :label_en, :help_ja, :help_en, :choices, :reference_table, :is_required,
    :default_text, :readers, :writers)
