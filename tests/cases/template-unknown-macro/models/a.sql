select {{ cent('price') }} as price
