select channel.shop_resume(:shop_id)
