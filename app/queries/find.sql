select kind, key, title, detail, rank from access.find(:words, :most)
