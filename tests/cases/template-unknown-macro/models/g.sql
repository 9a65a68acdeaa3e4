select {{ cents(price='x') }}, {{ cents() }}
