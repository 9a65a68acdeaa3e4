select {{ 1 if 3 is evn else 0 }} as x
