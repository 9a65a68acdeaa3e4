select {{ cents('a', 'b') }}
