select {{ key() if true }} as key
