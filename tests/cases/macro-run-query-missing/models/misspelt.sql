select {{ rows_of('raw_order') }} as n
