select staff.own_table_change(:number, :version, :label_ja, :label_en, :help_ja, :help_en, :readers, :writers)
