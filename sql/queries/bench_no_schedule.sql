update transit.schedule as schedule set is_on = false;
