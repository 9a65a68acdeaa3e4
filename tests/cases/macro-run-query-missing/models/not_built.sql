select {{ rows_of('raw_orders') }} as n
